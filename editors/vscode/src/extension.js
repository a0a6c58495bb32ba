// Starts the language server; everything else is done there.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;
let started;
let turn = Promise.resolve();

// All but `editor` have the scope "machine": no workspace can set them. VS Code heeds a scope only once
// it has read who declares the setting, so what a workspace says is not even asked for.
function own(settings, name) {
  const said = settings.inspect(name);
  return said?.globalValue ?? said?.defaultValue;
}

function serverArguments(settings) {
  if (!own(settings, "live") || !vscode.workspace.isTrusted) {
    return ["lsp"];
  }
  const url = own(settings, "apiUrl");
  const keyFile = own(settings, "apiKeyFile");
  return [
    "lsp",
    "--live",
    ...(url ? ["--api-url", url] : []),
    ...(keyFile ? ["--api-key-file", keyFile] : []),
    ...(own(settings, "showPersonalData") ? ["--show-personal-data"] : []),
  ];
}

function wanted() {
  const settings = vscode.workspace.getConfiguration("reconciler");
  const server = { command: own(settings, "command"), args: serverArguments(settings) };
  return { server, initializationOptions: { editor: settings.get("editor") } };
}

async function start() {
  const { server, initializationOptions } = (started = wanted());
  client = new LanguageClient("reconciler", "reconciler", server, {
    documentSelector: [{ scheme: "file", language: "yaml" }],
    initializationOptions,
  });
  try {
    await client.start();
  } catch {
    const hint = "Install it with: pipx install 'bookingmood-reconciler[lsp]'";
    vscode.window.showErrorMessage(`${server.command} lsp cannot be started. ${hint}`);
  }
}

async function stop() {
  await client?.stop().catch(() => undefined);
}

// One after the other: trust and settings change together, and a client that starts cannot be stopped.
function next(step) {
  turn = turn.then(step);
  return turn;
}

async function restart() {
  if (JSON.stringify(wanted()) !== JSON.stringify(started)) {
    await stop();
    await start();
  }
}

exports.activate = async (context) => {
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("reconciler")) {
        return next(restart);
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => next(restart)),
  );
  await next(start);
};

exports.deactivate = () => next(stop);
