"""Many organizations of one base: planned together, written wave by wave, told in one report."""
