// The entry: puts the parts together.

import * as vscode from "vscode";

import { registerCommands, SHOW } from "./ui/commands";
import { Item } from "./ui/item";
import { Presence } from "./ui/presence";
import { onSettings, readSettings } from "./ui/settings";
import { watchFor } from "./wire/appearance";
import { waysTo } from "./wire/discovery";
import { Follower } from "./wire/follower";
import { launch } from "./wire/launch";
import { dial } from "./wire/line";
import { ownUid, placeHere } from "./wire/surroundings";

/** Ages such as `3 min ago` are drawn again after so many milliseconds. */
const TICK = 30_000;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("amp-tray", { log: true });
  const item = new Item(SHOW);
  let settings = readSettings();
  let isFirst = true;

  const start = async () => {
    const why = await launch(settings.program, settings.socket);
    log.info(why || "The service is started");
    return why;
  };
  const presence = new Presence(
    item,
    log,
    () => settings.show,
    ({ reason }) => {
      if (isFirst && reason === "" && settings.startService) {
        void start();
      }
      isFirst = false; // once a window: a service that is stopped by hand stays stopped
    },
  );
  const follower = new Follower(
    async (onNotification) => dial(await waysTo(placeHere(settings.socket), ownUid()), onNotification),
    (onAppear) => watchFor(placeHere(settings.socket), onAppear),
    presence,
  );
  const ticking = setInterval(() => {
    presence.draw();
  }, TICK);

  context.subscriptions.push(
    log,
    item,
    ...registerCommands({
      ask: (method, params, seconds) => follower.call(method, params, seconds),
      presence,
      extension: context.extension,
      start,
      retry: () => {
        follower.retry();
      },
    }),
    onSettings(() => {
      const before = settings;
      settings = readSettings();
      presence.draw();
      if (before.socket !== settings.socket) {
        follower.redial();
      }
    }),
    new vscode.Disposable(() => {
      clearInterval(ticking);
      follower.end();
    }),
  );
  presence.draw();
  void follower.run();
}
