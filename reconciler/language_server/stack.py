"""One folder that holds a stack: analysed when somebody asks, and anew when something changed."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..catalogue import Catalogue
from ..configuration import validate as validation
from ..configuration.grown import kinds_of
from ..configuration.load import Loaded, load
from ..configuration.load.files import NO_CONFIGURATION, POLICIES, is_yaml
from ..configuration.validate import examine
from ..diagnostics import ConfigurationError, Problem
from ..files import leads_outside
from .analysis import Analysis
from .documents import Documents
from .files import Files
from .index import Memory
from .settings import Chosen, EditorSettings, choose
from .sources import read_variables, refused


class Stack:
    """Analyses one folder, again and again; what did not change is not read again."""

    def __init__(self, folder: Path, documents: Documents, files: Files) -> None:
        self.folder = folder
        self._documents = documents
        self._files = files
        self._last: Analysis | None = None
        self._chosen = Chosen()
        self._memory = Memory()
        self._right = validation.Memory()

    @property
    def last(self) -> Analysis | None:
        """The last analysis; documents may have changed since."""
        return self._last

    def holds(self, path: Path) -> bool:
        """Tell whether a file belongs to the folder or its overlays, as they are known."""
        places = (self.folder, *self._chosen.overlays)
        return any(path.is_relative_to(place) for place in places)

    def reads(self, path: Path) -> bool:
        """Tell whether a file counts for the folder without being part of it."""
        catalogue = path.suffix == ".json" and path.is_relative_to(self.folder.parent)
        return catalogue or path in self._chosen.var_files or self.judges(path)

    def judges(self, path: Path) -> bool:
        """Tell whether a file may hold a policy for the folder."""
        beside = self.folder.parent / POLICIES, self.folder / POLICIES
        return any(map(path.is_relative_to, beside))

    def analyse(self, wished: EditorSettings, open_folders: Iterable[Path]) -> Analysis:
        """Read and check the folder as it is now; ``wished`` count where the folder has none."""
        instead = {path: data for path, data in self._documents.texts().items() if self.holds(path)}
        loaded = self._load((), {}, instead)
        own = EditorSettings.of_block(loaded.settings) or wished
        self._chosen = choose(own, self.folder, open_folders)
        variables, wrong = read_variables(self._chosen, self._documents.texts(), loaded.settings)
        notes = (*refused(self._chosen, loaded.settings), *wrong)
        if self._chosen.overlays or variables:
            instead = {p: d for p, d in self._documents.texts().items() if self.holds(p)}
            loaded = self._load(self._chosen.overlays, variables, instead)
        self._last = self._checked(loaded, instead, notes, own.organization)
        return self._last

    def _load(
        self, overlays: Iterable[Path], variables: Mapping[str, str], instead: Mapping[Path, bytes]
    ) -> Loaded:
        counted = {path: data for path, data in instead.items() if self._counts(path)}
        return load(
            (self.folder, *overlays),
            variables=variables,
            environment=os.environ,
            instead=counted,
            kept=self._files,
        )

    def _counts(self, path: Path) -> bool:
        """Tell whether an open file would be read if it were saved."""
        for root in (self.folder, *self._chosen.overlays):
            if path == root:
                return True
            if path.is_relative_to(root):
                inside = path.relative_to(root).parts
                hidden = any(part.startswith(".") for part in inside) or not is_yaml(path)
                apart = len(inside) > 1 and inside[0] in NO_CONFIGURATION
                if not hidden and not apart and not leads_outside(path, root):
                    return True
        return False

    def _checked(
        self,
        loaded: Loaded,
        instead: Mapping[Path, bytes],
        notes: tuple[Problem, ...],
        organization: str | None,
    ) -> Analysis:
        versions = {document.path: document.version for document in self._documents}
        try:
            kinds = self._kinds(loaded, instead)
        except ConfigurationError as error:
            return Analysis(self.folder, error.problems, loaded=loaded, notes=notes)
        examined = examine(loaded, kinds, unset_is_error=False, memory=self._right)
        return Analysis(
            self.folder,
            examined.problems,
            kinds,
            loaded,
            examined,
            organization,
            versions,
            self._memory,
            self._right,
            notes,
            {path: data for path, data in self._documents.texts().items() if self.judges(path)},
        )

    def _kinds(self, loaded: Loaded, instead: Mapping[Path, bytes]) -> Catalogue:
        """Read the kinds; most folders have none of their own, and never name a catalogue."""
        if not any("catalogue" in source.text for source in loaded.sources):
            return kinds_of(())
        return kinds_of((self.folder,), instead)
