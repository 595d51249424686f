// Runs a main.py in Pyodide through xlwings' own runtime, as the add-in does. Usage: node lite.mjs ASKED.json
// ASKED: pyodide (its module), packages (a zip), runtime (folder), main (text), environment, calls: [kind, name, data],
// formulas: the rows of each sheet, which scripts may ask for.

import fs from "node:fs";
import { pathToFileURL } from "node:url";

process.on("uncaughtException", (error) => {
  console.error(error.message.slice(-4000));
  process.exit(1);
});

const asked = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const { loadPyodide } = await import(pathToFileURL(asked.pyodide).href);
const python = await loadPyodide({ env: { HOME: "/home/pyodide", ...asked.environment } });

python.FS.writeFile("/packages.zip", fs.readFileSync(asked.packages));
for (const name of ["custom_functions", "custom_scripts"]) python.FS.writeFile(`/home/pyodide/${name}.py`, asked.main);
python.FS.writeFile("/home/pyodide/config.py", fs.readFileSync(`${asked.runtime}/config.py`, "utf8"));
await python.runPythonAsync(`import sys; sys.path.insert(0, "/packages.zip")`);
await python.runPythonAsync(fs.readFileSync(`${asked.runtime}/wasm_runtime.py`, "utf8"));

const column = (letters) => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
globalThis.xlwings = {
  getRangeData: async (sheet, address, keys) => {
    const [, left, top, right, bottom] = address.match(/^\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$/);
    if (keys.join() !== "formulas" || left !== "A" || top !== "1") throw new Error(`not known: ${sheet} ${address} ${keys}`);
    const [width, height] = [column(right ?? left), Number(bottom ?? top)];
    const rows = asked.formulas[sheet];
    if (rows.length < height || rows[0].length < width) throw new Error(`not used: ${sheet} ${address}`);
    return { formulas: rows.slice(0, height).map((row) => row.slice(0, width).map((cell) => cell ?? "")) };
  },
};

const call = {
  scripts: () => python.globals.get("custom_scripts_meta")(),
  functions: () => python.globals.get("custom_functions_meta")(asked.main),
  script: (name, data) => python.globals.get("custom_scripts_call")(data, name),
  function: (name, data) => python.globals.get("custom_functions_call")(data),
};
const answers = [];
for (const [kind, name, data] of asked.calls) answers.push(await call[kind](name, data));
console.log(JSON.stringify({ version: python.runPython("sys.version.split()[0]"), answers }));
