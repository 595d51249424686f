# `make` alone runs what a change needs before it is pushed.
HEINOLA = workbooks/heinola-hyvinvointi-2024-09

.PHONY: all test all-tests golden lint types oldest workbook bench ci hooks

all: lint types test

test:        ## the core of the tests
	pytest -q

all-tests:   ## all tests, on two cores: also what needs LibreOffice, a browser or much time
	pytest -q -m "" -n 2 --dist worksteal

golden:      ## the texts of the sheets; a missing one is written and fails once
	pytest -q tests/book/test_golden.py

lint:
	ruff check .
	ruff format --check .

types:
	mypy

oldest:      ## the core rooms, with the oldest versions of what the package depends on
	python3 -m venv build/oldest
	build/oldest/bin/pip install -q -c tests/oldest.txt -e ".[xlwings]" pytest hypothesis lxml openpyxl
	build/oldest/bin/pytest -q -p no:cacheprovider -o addopts= $(OLDEST)

OLDEST = tests/formula tests/folder tests/template tests/next_period tests/commands tests/xlsx/test_worksheet.py \
    tests/round/test_status.py -m "not office and not browser and not exhaustive"

workbook:    ## the committed workbook, anew
	taulukko build $(HEINOLA) --force

bench:
	python benchmarks/build.py 5
	python benchmarks/read.py 9
	python benchmarks/collect.py 40
	python benchmarks/recompute.py

ci:
	.ci/run

hooks:       ## ruff and mypy before each commit
	pre-commit install
