"""The server: messages of the protocol on one side, the session and its features on the other.

Everything happens on one thread, message by message, so what is told is never older than what was
read. Only policies are judged apart, in a process that may take its time.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from .. import __version__
from .documents import path_of
from .feature import Feature, RefusedError
from .features import FEATURES
from .judging import Judge
from .links import docs_link
from .live import LiveOptions, Looking, Seen
from .publishing import Publisher
from .session import Session
from .settings import EditorSettings
from .warming import warming

CHECK = "reconciler.check"
"""The command that reads everything anew, and tells what is wrong with it."""
REFUSED = types.LSPErrorCodes.RequestFailed.value
DELAY = 0.02
"""Seconds from a change to the analysis: what an editor sends together is looked at together."""
IDLE, PAUSE = 0.5, 0.005
"""Seconds without a change before the index is made, and between two files of it."""


class Protocol(LanguageServerProtocol):
    """The protocol of the library; texts are kept by the session, which knows where lines end."""

    _server: "Server"

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Keep a document that was opened."""
        self._server.changed(self._server.session.documents.open(params.text_document))

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Change a document."""
        documents = self._server.session.documents
        self._server.changed(documents.change(params.text_document, params.content_changes))

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Forget a document; its file counts again."""
        self._server.changed(self._server.session.documents.close(params.text_document.uri))


class Server(LanguageServer):
    """One server for one editor."""

    protocol: Protocol

    def __init__(self, live: LiveOptions | None = None) -> None:
        logging.getLogger("pygls").disabled = True
        for name in ("pygls.server", "pygls.protocol", "pygls.feature_manager"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        super().__init__(name="reconciler", version=__version__, protocol_cls=Protocol)
        self.session = Session()
        self._publisher = Publisher(self.session, self._publish, docs_link)
        self._judge = Judge(self._publisher.unjudged, self._publisher.judged)
        self._looking = Looking(live, self._seen) if live else None
        self._pending: asyncio.TimerHandle | None = None
        self._warming: asyncio.TimerHandle | None = None
        for method, handler in _HANDLERS.items():
            self.feature(method)(self._guarded(handler))
        for feature in FEATURES:
            self.feature(feature.method, feature.options)(self._answering(feature))
        self.command(CHECK)(lambda: self._guarded(_check)(None))

    @property
    def exit_code(self) -> int:
        """What the process ends with: an editor says goodbye before it leaves."""
        return 0 if self.protocol._shutdown else 1

    def changed(self, path: Path | None) -> None:
        """Analyse soon what a file belongs to."""
        if path is not None:
            self._guarded(lambda server, _: server.session.touch(path))(None)
            self.analyse_soon()

    def analyse_soon(self) -> None:
        """Analyse what changed, once the messages that are here are read."""
        if self._pending is None:
            loop = asyncio.get_running_loop()
            self._pending = loop.call_later(DELAY, self.analyse)

    def look(self) -> None:
        """Look at the live organization for every stack, where that is switched on."""
        if self._looking is None:
            return
        for analysis in self.session.analyses():
            loaded = analysis.loaded
            if analysis.configuration is not None and loaded is not None:
                paths = (analysis.folder, *loaded.overlays)
                self._looking.look(paths, loaded.variables.given)

    def close(self) -> None:
        """End what is under way beside the server."""
        if self._looking is not None:
            self._looking.close()

    def _seen(self, folder: Path, seen: Seen | None) -> None:
        if seen is None:
            self.session.live.pop(folder, None)
            self.log("the live organization cannot be looked at: `reconciler plan` tells why")
        else:
            self.session.live[folder] = seen
        self.analyse()

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log that something went wrong, without values: errors of the library quote messages."""
        self.log(f"a message was not understood ({type(error).__name__})")

    def log(self, text: str) -> None:
        """Write a line where editors keep what servers say."""
        params = types.LogMessageParams(types.MessageType.Error, f"reconciler: {text}")
        self.window_log_message(params)

    def analyse(self) -> None:
        """Analyse what changed, and tell what is new."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        self._guarded(lambda server, _: server._publisher.publish())(None)
        self._guarded(lambda server, _: server._judge.begin())(None)
        self._warm()

    def _warm(self) -> None:
        """While nothing else is to be done, make what the first question would wait for."""
        if self._warming is not None:
            self._warming.cancel()
        steps = warming(self.session)

        def step() -> None:
            if self._guarded(lambda _, __: next(steps, None))(None):
                self._warming = asyncio.get_running_loop().call_later(PAUSE, step)

        self._warming = asyncio.get_running_loop().call_later(IDLE, step)

    def _publish(self, params: types.PublishDiagnosticsParams) -> None:
        self.text_document_publish_diagnostics(params)

    def _answering(self, feature: Feature) -> Callable[[Any], object]:
        return self._guarded(lambda server, params: feature.answer(server.session, params))

    def _guarded(self, handler: "Handler") -> Callable[[Any], object]:
        """Let an error be a line of the log, which names the place in the code and no value."""

        def guarded(params: Any) -> object:
            try:
                return handler(self, params)
            except RefusedError as error:
                raise JsonRpcException(str(error), REFUSED) from None
            except Exception as error:  # the server must live on, whatever the input
                self.log(_place(error))
                return None

        return guarded


Handler = Callable[[Server, Any], object]


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {where}; the answer is left out"


def _initialize(server: Server, params: types.InitializeParams) -> None:
    encoding = server.protocol.workspace.position_encoding
    server.session.documents.encoding = types.PositionEncodingKind(encoding)
    server.session.wished = _editor_settings(params.initialization_options)
    server.session.able = _able(params.capabilities)
    folders = [folder.uri for folder in params.workspace_folders or ()]
    if not folders and params.root_uri:
        folders = [params.root_uri]
    server.session.folders = tuple(filter(None, map(path_of, folders)))


def _initialized(server: Server, _: object) -> None:
    server.session.open_folders(server.session.folders)
    server.analyse_soon()
    server.look()
    if _can_watch(server.client_capabilities):
        watcher = types.FileSystemWatcher("**/*.{yaml,yml,json,env}")
        options = types.DidChangeWatchedFilesRegistrationOptions([watcher])
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("files", method, options)
        server.client_register_capability(types.RegistrationParams([registration]))


def _folders_changed(server: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    gone = {path_of(folder.uri) for folder in params.event.removed}
    new = [path_of(folder.uri) for folder in params.event.added]
    kept = [folder for folder in server.session.folders if folder not in gone]
    server.session.open_folders(dict.fromkeys([*kept, *filter(None, new)]))
    server.analyse_soon()


def _files_changed(server: Server, params: types.DidChangeWatchedFilesParams) -> None:
    for change in params.changes:
        path = path_of(change.uri)
        if path is not None:
            server.session.files.forget(path)
            server.changed(path)
    server.session.touch_all()
    server.analyse_soon()


def _saved(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    server.session.touch_all()
    server.analyse_soon()
    server.look()


def _settings_changed(server: Server, params: types.DidChangeConfigurationParams) -> None:
    settings = params.settings if isinstance(params.settings, dict) else {}
    server.session.wished = _editor_settings(settings.get("reconciler"))
    server.session.touch_all()
    server.analyse_soon()


def _check(server: Server, _: object) -> None:
    server.session.open_folders(server.session.folders)
    server.session.touch_all()
    server.analyse()


def _editor_settings(given: object) -> EditorSettings:
    options = given if isinstance(given, dict) else {}
    return EditorSettings.of_json(options.get("editor", options))


def _can_watch(capabilities: types.ClientCapabilities) -> bool:
    workspace = capabilities.workspace
    watched = workspace.did_change_watched_files if workspace else None
    return bool(watched and watched.dynamic_registration)


def _able(capabilities: types.ClientCapabilities) -> frozenset[types.ResourceOperationKind]:
    edits = capabilities.workspace.workspace_edit if capabilities.workspace else None
    return frozenset(edits.resource_operations or ()) if edits else frozenset()


_HANDLERS: dict[str, Handler] = {
    types.INITIALIZE: _initialize,
    types.INITIALIZED: _initialized,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: _folders_changed,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: _files_changed,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: _settings_changed,
    types.TEXT_DOCUMENT_DID_SAVE: _saved,
}
