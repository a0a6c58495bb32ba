startPage();
startCalendar({ alone: true });
