// The window has two folders, is not trusted, and its workspace file tries to set what only the
// user may set.

import assert from "node:assert/strict";
import os from "node:os";
import * as vscode from "vscode";

import { readSummary, type Summary } from "../../src/documents/summary";
import { waysTo } from "../../src/wire/discovery";
import { dial } from "../../src/wire/line";
import { ownUid, placeHere } from "../../src/wire/surroundings";

const ID = "amp-tray.amp-tray";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
  };
}

export const tests: Readonly<Record<string, () => Promise<void>>> = {
  async "it is active by itself, in a window that is not trusted"() {
    await vscode.extensions.getExtension(ID)?.activate();
    assert.equal(vscode.extensions.getExtension(ID)?.isActive, true);
    assert.equal(vscode.workspace.isTrusted, false);
    assert.equal(vscode.workspace.workspaceFolders?.length, 2);
  },

  async "every command is there"() {
    const known = await vscode.commands.getCommands(true);
    for (const { command } of manifest().contributes.commands) {
      assert.ok(known.includes(command), command);
    }
  },

  async "a workspace cannot say what is started, nor where the service is"() {
    const settings = vscode.workspace.getConfiguration("ampTray");
    assert.equal(settings.get("show"), "tokens"); // what it may set: the file is read
    assert.equal(settings.get("service.start"), false);
    assert.equal(settings.get("service.program"), "amp-tray");
    assert.equal(settings.get("socket"), "");
    for (const name of ["service.start", "service.program", "socket"]) {
      assert.equal(manifest().contributes.configuration.properties[`ampTray.${name}`]?.scope, "application");
      await assert.rejects(async () => {
        await settings.update(name, "x", vscode.ConfigurationTarget.Workspace);
      });
    }
  },

  async "refresh reads the threads again"() {
    const before = await summary();
    await vscode.commands.executeCommand("ampTray.refresh");
    assert.ok((await summary()).revision >= before.revision);
  },

  async "pause and resume reach the service"() {
    await vscode.commands.executeCommand("ampTray.pause");
    assert.equal((await summary()).paused, true);
    await vscode.commands.executeCommand("ampTray.resume");
    assert.equal((await summary()).paused, false);
  },

  async "its settings are opened"() {
    await vscode.commands.executeCommand("ampTray.openSettings");
  },

  async "folders come and go"() {
    const folders = () => vscode.workspace.workspaceFolders?.length;
    await changed(() => vscode.workspace.updateWorkspaceFolders(2, 0, { uri: vscode.Uri.file(os.tmpdir()) }));
    assert.equal(folders(), 3);
    await changed(() => vscode.workspace.updateWorkspaceFolders(2, 1));
    assert.equal(folders(), 2);
    assert.equal(vscode.extensions.getExtension(ID)?.isActive, true);
  },
};

function manifest(): Manifest {
  return vscode.extensions.getExtension(ID)?.packageJSON as Manifest;
}

/** Asks the service itself, past the extension. */
async function summary(): Promise<Summary> {
  const line = await dial(await waysTo(placeHere(""), ownUid()), () => undefined);
  try {
    return readSummary(await line.call("usage.summary"));
  } finally {
    line.close();
  }
}

async function changed(change: () => boolean): Promise<void> {
  const told = new Promise<void>((resolve) => {
    const watching = vscode.workspace.onDidChangeWorkspaceFolders(() => {
      watching.dispose();
      resolve();
    });
  });
  assert.ok(change());
  await told;
}
