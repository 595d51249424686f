// What the task pane does beyond what xlwings does: buttons on sheets and on the ribbon.

import { init } from "./custom-scripts/index.js";

const actions = [...document.querySelectorAll("[xw-click]")].map((button) => button.getAttribute("xw-click"));

/** The buttons of the open workbook: shapes such as `recompute.summary.B4`, which lead to the cell that they name. */
async function sheetButtons() {
  return Excel.run(async (context) => {
    const sheets = context.workbook.worksheets.load("items/name");
    await context.sync();
    const found = sheets.items.map((sheet) => ({ sheet, shapes: sheet.shapes.load("items/name") }));
    await context.sync();
    return found.flatMap(({ sheet, shapes }) =>
      shapes.items.flatMap(({ name }) => {
        const [, action, cell] = name.match(/^([a-z]+)\..*\.([A-Z]+[0-9]+)$/) ?? [];
        return actions.includes(action) ? [{ function_name: action, button: `[${name}]'${sheet.name}'!${cell}` }] : [];
      }),
    );
  });
}

async function start() {
  await init();
  await xlwings.registerSheetButtons(await sheetButtons());
}

// xlwings would register the buttons of scripts, of which there are none, and forget those that are registered before.
document.removeEventListener("DOMContentLoaded", init);
document.addEventListener("DOMContentLoaded", () => start().catch((error) => xlwings.showGlobalError(`${error}`)));

for (const action of actions) {
  Office.actions.associate(action, async (event) => {
    await xlwings.runPython({ scriptName: action });
    event.completed();
  });
}
