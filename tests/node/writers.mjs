// Opens a workbook with one of the programs, writes into its cells, saves it: node writers.mjs PROGRAM < {source, target, cells}.
// A cell is {sheet, cell, value}, the value null where it is emptied.
import { readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"

const load = createRequire(join(process.env.TAULUKKO_NODE, "package.json"))

const sheetjs = (name) => ({ source, target, cells }) => {
  const XLSX = load(name)
  const book = XLSX.read(readFileSync(source), { cellStyles: true, cellFormula: true, bookVBA: true })
  for (const { sheet, cell, value } of cells) {
    if (value === null) delete book.Sheets[sheet][cell]
    else book.Sheets[sheet][cell] = { t: typeof value === "number" ? "n" : "s", v: value }
  }
  XLSX.writeFile(book, target)
}

const exceljs = (name) => async ({ source, target, cells }) => {
  const { Workbook } = load(name)
  const book = new Workbook()
  await book.xlsx.readFile(source)
  for (const { sheet, cell, value } of cells) book.getWorksheet(sheet).getCell(cell).value = value
  await book.xlsx.writeFile(target)
}

const populate = async ({ source, target, cells }) => {
  const book = await load("xlsx-populate").fromFileAsync(source)
  for (const { sheet, cell, value } of cells) book.sheet(sheet).cell(cell).value(value === null ? undefined : value)
  await book.toFileAsync(target)
}

const excelize = async ({ source, target, cells }) => {
  const { init } = load("excelize-wasm")
  const program = await init(join(process.env.TAULUKKO_NODE, "node_modules/excelize-wasm/excelize.wasm.gz"))
  const book = program.OpenReader(new Uint8Array(readFileSync(source)))
  for (const { sheet, cell, value } of cells) {
    const { error } = value === null ? book.SetCellStr(sheet, cell, "") : book.SetCellValue(sheet, cell, value)
    if (error) throw new Error(error)
  }
  const { buffer, error } = book.WriteToBuffer()
  if (error) throw new Error(error)
  writeFileSync(target, buffer)
}

const hucre = async ({ source, target, cells }) => {
  const { openXlsx, saveXlsx } = await import(join(process.env.TAULUKKO_NODE, "node_modules/hucre/dist/xlsx.mjs"))
  const book = await openXlsx(readFileSync(source))
  for (const { sheet, cell, value } of cells) {
    const [, letters, row] = cell.match(/([A-Z]+)([0-9]+)/)
    const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
    const rows = book.sheets.find((one) => one.name === sheet).rows
    while (rows.length < row) rows.push([])
    rows[row - 1][column] = value
  }
  writeFileSync(target, await saveXlsx(book))
}

const programs = {
  xlsx: sheetjs("xlsx"),
  "xlsx-js-style": sheetjs("xlsx-js-style"),
  "@e965/xlsx": sheetjs("@e965/xlsx"),
  exceljs: exceljs("exceljs"),
  "@cj-tech-master/excelts": exceljs("@cj-tech-master/excelts"),
  "xlsx-populate": populate,
  "excelize-wasm": excelize,
  hucre,
}

await programs[process.argv[2]](JSON.parse(readFileSync(0, "utf8")))
process.exit(0)
