// The quick picks: the sessions, from there to one thread, and back.

import * as vscode from "vscode";

import { readSessions } from "../documents/sessions";
import { readThread } from "../documents/thread";
import { type Action, type Row, sessionRows, threadRows } from "../view/picks";
import * as text from "../words/text";
import type { Presence } from "./presence";
import { act, type Ask, fileAction, fileOf } from "./threads";

/** Whom the picks ask. */
export interface Service {
  readonly ask: Ask;
  readonly presence: Presence;
}

const DAYS = "30d";
const ALL = "\u0000all"; // no session has this id
const LONG = 30; // seconds that a report of everything may take

interface Picked extends vscode.QuickPickItem {
  readonly id: string | null;
}

/** Shows the sessions until one thing is done, or the user leaves. */
export async function browse(service: Service, extension: vscode.Extension<unknown>): Promise<void> {
  let since: string | undefined = DAYS;
  for (;;) {
    const sessionId = await pickSession(service, since);
    if (sessionId === undefined) {
      return;
    }
    if (sessionId === ALL) {
      since = undefined;
    } else if ((await showThread(service.ask, sessionId, extension)) === "done") {
      return;
    }
  }
}

/** Shows one thread until something is done with it, or the user goes back or leaves. */
async function showThread(
  ask: Ask,
  sessionId: string,
  extension: vscode.Extension<unknown>,
): Promise<"done" | "back"> {
  const thread = readThread(await ask("usage.thread", { sessionId }));
  const file = await fileOf(ask, thread.sessionId);
  const pick = vscode.window.createQuickPick<Picked>();
  pick.title = text.title(thread.title);
  pick.placeholder = "Tokens, models, and what can be done with this thread";
  pick.buttons = [vscode.QuickInputButtons.Back];
  pick.matchOnDescription = true;
  pick.items = threadRows(thread, fileAction(file, extension), new Date()).map(itemOf);
  const choice = await chosen(pick);
  if (choice === "back") {
    return "back";
  }
  if (choice !== undefined) {
    await act(choice as Action, thread, file);
  }
  return "done";
}

async function pickSession(service: Service, since: string | undefined): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<Picked>();
  pick.title = since === undefined ? "Sessions" : "Sessions of the last 30 days";
  pick.placeholder = "Filter by title, project or model";
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  const choice = chosen(pick);
  try {
    const params = since === undefined ? {} : { since };
    const sessions = readSessions(await service.ask("report.session", params, LONG));
    const rows = sessionRows(sessions, service.presence.today, new Date()).map(itemOf);
    const older: Picked[] = since === undefined ? [] : [{ id: ALL, label: "$(history) Show All Sessions" }];
    pick.items = rows.length === 0 && since === undefined ? [{ id: null, label: text.NO_USAGE }] : [...rows, ...older];
    pick.busy = false;
  } catch (error) {
    pick.dispose();
    throw error;
  }
  return choice;
}

/** Returns the id of the row that is chosen, `back`, or nothing when the user leaves. */
function chosen(pick: vscode.QuickPick<Picked>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = (choice: string | undefined) => {
      resolve(choice);
      pick.dispose();
    };
    pick.onDidAccept(() => {
      const id = pick.selectedItems[0]?.id ?? null;
      if (id !== null) {
        end(id); // a row that only tells keeps the pick open
      }
    });
    pick.onDidTriggerButton(() => {
      end("back");
    });
    pick.onDidHide(() => {
      end(undefined);
    });
    pick.show();
  });
}

function itemOf(row: Row): Picked {
  const kind = row.heading === true ? vscode.QuickPickItemKind.Separator : vscode.QuickPickItemKind.Default;
  return {
    id: row.id,
    label: row.label,
    kind,
    ...(row.description === undefined ? {} : { description: row.description }),
    ...(row.detail === undefined ? {} : { detail: row.detail }),
  };
}
