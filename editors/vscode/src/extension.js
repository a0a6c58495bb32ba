// Starts the language server; everything else is done there.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function serverArguments(settings) {
  // All of these have the scope "machine": no workspace can set them.
  if (!settings.get("live") || !vscode.workspace.isTrusted) {
    return ["lsp"];
  }
  const url = settings.get("apiUrl");
  const keyFile = settings.get("apiKeyFile");
  return [
    "lsp",
    "--live",
    ...(url ? ["--api-url", url] : []),
    ...(keyFile ? ["--api-key-file", keyFile] : []),
    ...(settings.get("showPersonalData") ? ["--show-personal-data"] : []),
  ];
}

async function start() {
  const settings = vscode.workspace.getConfiguration("reconciler");
  const server = { command: settings.get("command"), args: serverArguments(settings) };
  client = new LanguageClient("reconciler", "reconciler", server, {
    documentSelector: [{ scheme: "file", language: "yaml" }],
    initializationOptions: { editor: settings.get("editor") },
  });
  try {
    await client.start();
  } catch {
    const hint = "Install it with: pipx install 'bookingmood-reconciler[lsp]'";
    vscode.window.showErrorMessage(`${server.command} lsp cannot be started. ${hint}`);
  }
}

async function restart() {
  await client?.stop().catch(() => undefined);
  await start();
}

exports.activate = async (context) => {
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("reconciler")) {
        return restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
  );
  await start();
};

exports.deactivate = () => client?.stop();
