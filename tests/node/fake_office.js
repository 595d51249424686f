// Office.js over a workbook in memory, for the client of xlwings. Everything waits for sync(), a property is read only
// after it was loaded, a matrix has the shape of its range, and what is not known here throws.
// It does not calculate: a formula shows what the model says it comes to where it is as it was built.

(() => {
  const model = globalThis.workbookModel;
  for (const sheet of model.sheets) sheet.tables.forEach((table) => (table.sheet = sheet));
  const state = { handlers: [], dialogs: [], ribbon: {}, functions: {}, running: 0, events: [], failing: null };

  class OfficeError extends Error {
    constructor(code, message) {
      super(`${code}: ${message}`);
      this.code = code;
    }
  }

  // --- places and cells

  const letters = (column) =>
    (column < 26 ? "" : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
  const number = (text) => [...text].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  const cellName = (row, column) => `${letters(column)}${row + 1}`;

  function areaOf(address) {
    const corners = address
      .replaceAll("$", "")
      .split(":")
      .map((corner) => {
        const found = corner.match(/^([A-Z]{1,3})([1-9][0-9]*)$/);
        if (!found) throw new OfficeError("InvalidArgument", `no address: ${address}`);
        return [Number(found[2]) - 1, number(found[1])];
      });
    const [[top, left], [bottom, right]] = [corners[0], corners.at(-1)];
    return { top, left, bottom, right };
  }

  function addressOf({ top, left, bottom, right }) {
    const [first, last] = [cellName(top, left), cellName(bottom, right)];
    return first === last ? first : `${first}:${last}`;
  }

  const height = (area) => area.bottom - area.top + 1;
  const width = (area) => area.right - area.left + 1;
  const quoted = (title) => (/^\w+$/.test(title) ? title : `'${title.replaceAll("'", "''")}'`);
  const BLANK = { value: "", formula: null, format: "General" };
  const cellAt = (sheet, row, column) => sheet.cells[cellName(row, column)] ?? BLANK;

  function rowsOf({ sheet, area }, read) {
    return Array.from({ length: height(area) }, (_, row) =>
      Array.from({ length: width(area) }, (_, column) => read(cellAt(sheet, area.top + row, area.left + column))),
    );
  }

  function writeRows({ sheet, area }, rows, write) {
    const fits = Array.isArray(rows) && rows.length === height(area) && rows.every((row) => row.length === width(area));
    if (!fits) throw new OfficeError("InvalidArgument", `the matrix has not the shape of ${addressOf(area)}`);
    if (sheet.protected) throw new OfficeError("AccessDenied", `${sheet.name} is protected`);
    rows.forEach((row, down) =>
      row.forEach((given, right) => {
        const name = cellName(area.top + down, area.left + right);
        sheet.cells[name] = { ...(sheet.cells[name] ?? BLANK), ...write(given, sheet, name) };
      }),
    );
  }

  /** What Excel makes of what is written in a cell, as if somebody typed it. */
  function typed(given, sheet, name) {
    if (given === null) return {};
    if (typeof given !== "string" || given === "") return { value: given, formula: null };
    if (given.startsWith("=")) return { value: comesTo(given, sheet.computed?.[name]), formula: given };
    if (given.startsWith("'")) return { value: given.slice(1), formula: null };
    const day = given.match(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/);
    if (day) return { value: Date.UTC(day[3], day[2] - 1, day[1]) / 86400000 + 25569, formula: null };
    const plain = given.replace(/\s/g, "").replace(",", ".");
    if (/^[-+]?\d+(\.\d+)?%?$/.test(plain))
      return { value: parseFloat(plain) / (plain.endsWith("%") ? 100 : 1), formula: null };
    return { value: given, formula: null };
  }

  function comesTo(formula, built) {
    if (built?.formula === formula) return built.value;
    const link = formula.match(/^=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)$/);
    return link ? link[1].replaceAll('""', '"') : "#CALC!";
  }

  // --- objects that wait for sync()

  class RequestContext {
    constructor() {
      this.queue = [];
      this.workbook = new Workbook(this, model);
      this.application = this.workbook.application;
    }

    async sync() {
      await null;
      const queue = this.queue;
      this.queue = [];
      for (const step of queue) step();
    }
  }

  class Item {
    constructor(context, of) {
      Object.assign(this, { context, of, loaded: new Map(), parts: new Map() });
      Object.seal(this);
    }

    load(paths) {
      const list =
        paths === undefined ? Object.keys(this.constructor.read) : Array.isArray(paths) ? paths : paths.split(",");
      this.context.queue.push(() => list.forEach((path) => this.take(path.trim().split("/"))));
      return this;
    }

    take([name, ...rest]) {
      const read = this.constructor.read[name];
      if (read) this.loaded.set(name, read(this.of));
      else if (this.constructor.has?.includes(name)) this[name].take(rest.length ? rest : ["items"]);
      else throw new OfficeError("InvalidArgument", `${this.constructor.name} has no ${name}`);
    }

    takeAll() {
      Object.keys(this.constructor.read).forEach((name) => this.take([name]));
    }

    part(name, make) {
      if (!this.parts.has(name)) this.parts.set(name, make());
      return this.parts.get(name);
    }

    get isNullObject() {
      return false;
    }
  }

  /** Says which properties a kind of object has, and which of them can be set. */
  function properties(kind, read, write = {}) {
    kind.read = read;
    for (const name of new Set([...Object.keys(read), ...Object.keys(write)])) {
      Object.defineProperty(kind.prototype, name, {
        get() {
          if (!this.loaded.has(name)) throw new OfficeError("PropertyNotLoaded", `${kind.name}.${name}`);
          return this.loaded.get(name);
        },
        set(value) {
          if (!write[name]) throw new OfficeError("GeneralException", `${kind.name}.${name} is only read`);
          this.context.queue.push(() => {
            if (state.failing === name) {
              state.failing = null;
              throw new OfficeError("GeneralException", "Excel is busy");
            }
            write[name](this.of, value);
          });
        },
      });
    }
  }

  /** What is not there: known after sync(), as is all that is asked of it. */
  function nothing(context) {
    let known = false;
    context.queue.push(() => (known = true));
    const self = new Proxy(
      {},
      {
        get(_, name) {
          if (name === "load") return () => self;
          if (name === "isNullObject") {
            if (!known) throw new OfficeError("PropertyNotLoaded", "isNullObject");
            return true;
          }
          if (name === "then") return undefined;
          if (String(name).endsWith("OrNullObject")) return () => nothing(context);
          if (["shapes", "tables", "names"].includes(name)) return nothing(context);
          throw new OfficeError("ItemNotFound", `nothing has no ${String(name)}`);
        },
      },
    );
    return self;
  }

  /** Some objects of a kind. */
  function collection(name, kind, list) {
    const made = {
      [name]: class extends Item {
        item(of) {
          return this.part(of, () => new kind(this.context, of));
        }

        take([first, ...rest]) {
          const items = list(this.of).map((of) => this.item(of));
          this.loaded.set("items", items);
          if (first !== "items") items.forEach((one) => one.take([first, ...rest]));
          else items.forEach((one) => (rest.length ? one.take(rest) : one.takeAll()));
        }

        get items() {
          if (!this.loaded.has("items")) throw new OfficeError("PropertyNotLoaded", `${name}.items`);
          return this.loaded.get("items");
        }

        getItem(key) {
          const found = list(this.of).find((of) => of.name === key);
          if (!found) throw new OfficeError("ItemNotFound", key);
          return new kind(this.context, found);
        }

        getItemOrNullObject(key) {
          const found = list(this.of).find((of) => of.name === key);
          return found ? new kind(this.context, found) : nothing(this.context);
        }
      },
    }[name];
    made.read = {};
    return made;
  }

  // --- ranges

  class Range extends Item {
    get worksheet() {
      return this.part("worksheet", () => new Worksheet(this.context, this.of.sheet));
    }

    get format() {
      return this.part("format", () => new RangeFormat(this.context, this.of));
    }

    getOffsetRange(down, right) {
      const { top, left, bottom, right: end } = this.of.area;
      const area = { top: top + down, left: left + right, bottom: bottom + down, right: end + right };
      return new Range(this.context, { sheet: this.of.sheet, area });
    }

    select() {
      this.context.queue.push(() => select(this.of.sheet, addressOf(this.of.area)));
    }
  }
  properties(
    Range,
    {
      address: ({ sheet, area }) => `${quoted(sheet.name)}!${addressOf(area)}`,
      rowCount: ({ area }) => height(area),
      columnCount: ({ area }) => width(area),
      values: (of) => rowsOf(of, (cell) => cell.value),
      formulas: (of) => rowsOf(of, (cell) => cell.formula ?? cell.value),
      numberFormat: (of) => rowsOf(of, (cell) => cell.format),
    },
    {
      values: (of, rows) => writeRows(of, rows, typed),
      numberFormat: (of, rows) => {
        const single = rows.length === 1 && rows[0].length === 1;
        writeRows(of, single ? rowsOf(of, () => rows[0][0]) : rows, (format) => ({ format }));
      },
    },
  );

  class RangeFont extends Item {}
  properties(
    RangeFont,
    {},
    {
      bold: ({ sheet, area }, is) => {
        if (typeof is !== "boolean") throw new Error(`bold is not ${is}`);
        (sheet.bold ??= {})[addressOf(area)] = is;
      },
    },
  );

  class RangeFormat extends Item {
    static has = ["font"];

    get font() {
      return this.part("font", () => new RangeFont(this.context, this.of));
    }
  }
  properties(
    RangeFormat,
    {},
    {
      columnWidth: ({ sheet, area }, points) => {
        for (let column = area.left; column <= area.right; column += 1) (sheet.widths ??= {})[letters(column)] = points;
      },
    },
  );

  // --- sheets and what is on them

  class Shape extends Item {}
  properties(Shape, {
    ...Object.fromEntries(["name", "type", "left", "top", "width", "height"].map((name) => [name, (of) => of[name]])),
    lockAspectRatio: () => false,
  });

  class Column extends Item {}
  properties(Column, { name: (of) => of.name });

  class Table extends Item {
    static has = ["columns"];

    get columns() {
      return this.part("columns", () => new Columns(this.context, this.of));
    }

    range(change) {
      return new Range(this.context, { sheet: this.of.sheet, area: { ...areaOf(this.of.address), ...change } });
    }

    getRange() {
      return this.range({});
    }

    getHeaderRowRange() {
      return this.range({ bottom: areaOf(this.of.address).top });
    }

    getDataBodyRange() {
      return this.range({ top: areaOf(this.of.address).top + 1 });
    }
  }
  properties(Table, {
    name: (of) => of.name,
    style: () => null,
    showHeaders: () => true,
    showTotals: () => false,
    showFilterButton: () => true,
    ...Object.fromEntries(
      ["highlightFirstColumn", "highlightLastColumn", "showBandedRows", "showBandedColumns"].map((name) => [
        name,
        () => false,
      ]),
    ),
    dataBodyRange: () => null, // Excel lets it be loaded
  });

  class NamedItem extends Item {
    getRangeOrNullObject() {
      const found = this.of.formula.match(/^=(?:'((?:[^']|'')+)'|([^'!]+))!([$A-Z0-9:]+)$/);
      const title = found && (found[1]?.replaceAll("''", "'") ?? found[2]);
      const sheet = model.sheets.find((one) => one.name === title);
      return sheet ? new Range(this.context, { sheet, area: areaOf(found[3]) }) : nothing(this.context);
    }
  }
  properties(
    NamedItem,
    { name: (of) => of.name, type: () => "Range", formula: (of) => of.formula },
    {
      formula: (of, formula) => {
        of.formula = formula;
      },
    },
  );

  class NamedItems extends collection("NamedItems", NamedItem, (of) => of.names ?? []) {
    add(name, formula) {
      const item = { name, formula };
      this.context.queue.push(() => {
        if (this.of.names.some((one) => one.name.toLowerCase() === name.toLowerCase()))
          throw new OfficeError("InvalidArgument", `there is a name ${name}`);
        this.of.names.push(item);
      });
      return new NamedItem(this.context, item);
    }
  }
  const Shapes = collection("Shapes", Shape, (sheet) => sheet.shapes);
  const Tables = collection("Tables", Table, (sheet) => sheet.tables);
  const Columns = collection("Columns", Column, (table) => table.columns);
  const None = collection("None", Item, () => []);
  const LISTS = { names: NamedItems, shapes: Shapes, tables: Tables, charts: None, notes: None, pivotTables: None };

  class Worksheet extends Item {
    static has = Object.keys(LISTS);

    get pageLayout() {
      return { getPrintAreaOrNullObject: () => nothing(this.context) };
    }

    getRange(address) {
      return new Range(this.context, { sheet: this.of, area: areaOf(address) });
    }

    getRangeByIndexes(top, left, rows, columns) {
      if (rows < 1 || columns < 1) throw new OfficeError("InvalidArgument", "a range has a row and a column");
      const area = { top, left, bottom: top + rows - 1, right: left + columns - 1 };
      return new Range(this.context, { sheet: this.of, area });
    }

    getUsedRangeOrNullObject(valuesOnly) {
      if (!valuesOnly) throw new OfficeError("NotImplemented", "formats are not known here");
      const filled = Object.entries(this.of.cells).filter(([, cell]) => cell.value !== "" || cell.formula);
      if (!filled.length) return nothing(this.context);
      const area = filled
        .map(([name]) => areaOf(name))
        .reduce((sum, one) => ({
          top: Math.min(sum.top, one.top),
          left: Math.min(sum.left, one.left),
          bottom: Math.max(sum.bottom, one.bottom),
          right: Math.max(sum.right, one.right),
        }));
      return new Range(this.context, { sheet: this.of, area });
    }

    activate() {
      this.context.queue.push(() => {
        if (this.of.visibility !== "Visible") throw new OfficeError("InvalidOperation", `${this.of.name} is hidden`);
        model.active = model.sheets.indexOf(this.of);
      });
    }

    get onSelectionChanged() {
      return {
        add: (handler) => {
          const entry = { sheet: this.of, handler };
          this.context.queue.push(() => state.handlers.push(entry));
          return {
            context: this.context,
            remove: () => this.context.queue.push(() => state.handlers.splice(state.handlers.indexOf(entry), 1)),
          };
        },
      };
    }
  }
  for (const [name, kind] of Object.entries(LISTS)) {
    Object.defineProperty(Worksheet.prototype, name, {
      get() {
        return this.part(name, () => new kind(this.context, this.of));
      },
    });
  }
  properties(
    Worksheet,
    {
      name: (sheet) => sheet.name,
      id: (sheet) => sheet.name,
      visibility: (sheet) => sheet.visibility,
      position: (sheet) => model.sheets.indexOf(sheet),
      showGridlines: () => true,
    },
    {
      position: (sheet, place) => {
        if (!(place >= 0 && place < model.sheets.length)) throw new OfficeError("InvalidArgument", `no place ${place}`);
        model.sheets.splice(model.sheets.indexOf(sheet), 1);
        model.sheets.splice(place, 0, sheet);
      },
    },
  );

  class Worksheets extends collection("Worksheets", Worksheet, () => model.sheets) {
    getActiveWorksheet() {
      return new Worksheet(this.context, model.sheets[model.active]);
    }

    add(name) {
      const sheet = { name, visibility: "Visible", selection: "A1", cells: {}, shapes: [], tables: [] };
      this.context.queue.push(() => {
        const taken = model.sheets.some((one) => one.name.toLowerCase() === name.toLowerCase());
        if (taken || name.length > 31 || /[\\/?*[\]:]/.test(name))
          throw new OfficeError("InvalidArgument", `no title: ${name}`);
        model.sheets.push(sheet);
      });
      return new Worksheet(this.context, sheet);
    }
  }

  class DatetimeFormat extends Item {}
  properties(DatetimeFormat, { shortDatePattern: () => "d.M.yyyy" });

  class CultureInfo extends Item {
    get datetimeFormat() {
      return this.part("datetimeFormat", () => new DatetimeFormat(this.context, this.of));
    }
  }
  properties(CultureInfo, { name: () => "fi-FI" });

  class Application extends Item {
    get cultureInfo() {
      return this.part("cultureInfo", () => new CultureInfo(this.context, this.of));
    }
  }
  properties(Application, { calculationMode: () => "Automatic" });

  class Workbook extends Item {
    get worksheets() {
      return this.part("worksheets", () => new Worksheets(this.context, model));
    }

    get names() {
      return this.part("names", () => new NamedItems(this.context, model));
    }

    get application() {
      return this.part("application", () => new Application(this.context, model));
    }

    getSelectedRange() {
      const sheet = model.sheets[model.active];
      return new Range(this.context, { sheet, area: areaOf(sheet.selection) });
    }
  }
  properties(Workbook, { name: () => model.name });

  // --- events

  /** Select cells; only a selection that changes is told. */
  function select(sheet, address) {
    model.active = model.sheets.indexOf(sheet);
    if (sheet.selection === address) return;
    sheet.selection = address;
    const told = state.handlers.filter((one) => one.sheet === sheet);
    state.events.push(
      ...told.map((one) => one.handler({ address, worksheetId: sheet.name, type: "WorksheetSelectionChanged" })),
    );
  }

  // --- what pages see

  globalThis.Excel = {
    RequestContext,
    ShapeType: { image: "Image" },
    run: async (...given) => {
      const context = given.length > 1 ? given[0] : new RequestContext();
      state.running += 1;
      try {
        const result = await given.at(-1)(context);
        await context.sync();
        return result;
      } finally {
        state.running -= 1;
      }
    },
  };

  const SETS = { ExcelApi: 18, SharedRuntime: 1, CustomFunctionsRuntime: 4, DialogApi: 2 };
  globalThis.Office = {
    onReady: async (told) => {
      const ready = { host: "Excel", platform: "PC" };
      told?.(ready);
      return ready;
    },
    actions: { associate: (name, action) => (state.ribbon[name] = action) },
    AsyncResultStatus: { Failed: "failed" },
    context: {
      platform: "PC",
      requirements: { isSetSupported: (name, version) => Number(version.split(".")[1]) <= (SETS[name] ?? -1) },
      ui: { displayDialogAsync: (url) => state.dialogs.push(new URL(url).searchParams.get("prompt")) },
    },
  };

  globalThis.CustomFunctions = {
    associate: (id, run) => (state.functions[id] = run),
    Error: class extends Error {
      constructor(code, message) {
        super(message);
        this.code = code;
      }
    },
    ErrorCode: { invalidValue: "#VALUE!", notAvailable: "#N/A" },
  };

  // --- what a test does

  const sheetOf = (title) => model.sheets.find((sheet) => sheet.name === title);
  const isResult = (value) => ["number", "string", "boolean"].includes(typeof value) || typeof value?.type === "string";

  globalThis.user = {
    /** Waits for the handlers that were told something, and for those that these told. */
    async settled() {
      while (state.events.length) await Promise.all(state.events.splice(0));
    },
    isIdle: () => state.running === 0,
    failing: (name) => {
      state.failing = name;
    },
    /** Clicks a shape with a link. */
    async click(title, name) {
      const shape = sheetOf(title).shapes.find((one) => one.name === name);
      model.active = model.sheets.indexOf(sheetOf(title));
      select(sheetOf(shape.target.sheet), shape.target.cell);
      await user.settled();
    },
    ribbon: (action) =>
      new Promise((completed, failed) => state.ribbon[action]({ completed: () => completed(true) }).catch(failed)),
    type: (title, name, value) => {
      const sheet = sheetOf(title);
      sheet.cells[name] = { ...(sheet.cells[name] ?? BLANK), ...typed(value, sheet, name) };
    },
    /** Calls a function of a cell as Excel does, which takes only a rectangle of values. */
    async call(id, given) {
      try {
        const rows = await state.functions[id](...given, { address: "Riskit!Z1" });
        const fits =
          Array.isArray(rows) &&
          rows.every((row) => Array.isArray(row) && row.length === rows[0].length && row.every(isResult));
        return fits ? rows : { error: "#VALUE!", message: `not a result: ${JSON.stringify(rows)}` };
      } catch (error) {
        return { error: error.code ?? error.name, message: error.message };
      }
    },
    functions: () => Object.keys(state.functions).sort(),
    sheets: () => model.sheets.map(({ name, visibility, widths }) => ({ name, visibility, widths: widths ?? {} })),
    active: () => model.sheets[model.active].name,
    selection: (title) => sheetOf(title).selection,
    cells: (title) => Object.fromEntries(Object.entries(sheetOf(title).cells).filter(([, cell]) => cell.value !== "")),
    dialogs: () => state.dialogs.splice(0),
  };
})();
