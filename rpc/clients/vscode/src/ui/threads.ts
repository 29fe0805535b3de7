// What can be done with one thread: in the browser, by its id, by its file.

import { access } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";

import { readFolders } from "../documents/status";
import type { ThreadUsage } from "../documents/thread";
import type { Action, FileAction } from "../view/picks";

/** Asks the service; rejects with a sentence for people. */
export type Ask = (method: string, params?: object, seconds?: number) => Promise<unknown>;

/** Returns the thread's file if it is where the service says that threads lie. */
export async function fileOf(ask: Ask, sessionId: string): Promise<string | null> {
  if (sessionId !== path.basename(sessionId)) {
    return null; // an id that is a path leads nowhere
  }
  const folders = readFolders(await ask("service.status"));
  const files = folders.map((folder) => path.join(folder, `${sessionId}.json`));
  const found = await Promise.all(files.map((file) => access(file).then(() => true, () => false)));
  return files.find((_file, place) => found[place]) ?? null;
}

/** Returns what can be done with a file of this machine in this window. */
export function fileAction(file: string | null, extension: vscode.Extension<unknown>): FileAction {
  if (file === null) {
    return null;
  }
  // In a remote window the editor opens files of the other machine.
  const isElsewhere = vscode.env.remoteName !== undefined && extension.extensionKind === vscode.ExtensionKind.UI;
  return isElsewhere ? "copyPath" : "file";
}

export async function act(action: Action, thread: ThreadUsage, file: string | null): Promise<void> {
  switch (action) {
    case "open":
      if (thread.url !== null) {
        await vscode.env.openExternal(vscode.Uri.parse(thread.url, true));
      }
      return;
    case "copy":
      await copied(thread.sessionId, "The thread's id");
      return;
    case "copyPath":
      await copied(file ?? "", "The path of the thread's file");
      return;
    case "file":
      if (file !== null) {
        await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file), { preview: true });
      }
  }
}

async function copied(value: string, what: string): Promise<void> {
  await vscode.env.clipboard.writeText(value);
  vscode.window.setStatusBarMessage(`${what} is in the clipboard`, 3000);
}
