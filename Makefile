# make paint            install what is missing and paint "black sheep"
# make paint PROMPT="a lighthouse at dusk" ARGS="--seed 3"
# make studio           install what is missing and open the studio as a page
# make test             install what the tests need and run everything
# make fuzz             the property tests with thousands of examples each (EXAMPLES=4000)
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PROMPT ?= black sheep
ARGS ?=
EXAMPLES ?= 4000
BIN := .venv/bin

# make kill             thirty paintings killed at random moments end with the same bytes
# make docs             the site, into docs/_build/html; a warning is an error
# make pages            the pages of docs that are made from the program, anew
# make figures          the figures of docs, painted anew
# make notebooks        run every notebook and write its executed twin
# make pictures         the gallery, painted anew (about ten minutes)
# make release          wheel and sdist into dist/, tried in an empty environment
.PHONY: paint studio test fuzz kill docs pages figures notebooks pictures release lint install engine clean

paint: $(BIN)/.paint
	$(BIN)/diavlex paint "$(PROMPT)" $(ARGS)

studio: $(BIN)/.studio
	$(BIN)/diavlex studio $(ARGS)

test: $(BIN)/.test engine
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile

fuzz: $(BIN)/.test
	DIAVLEX_EXAMPLES=$(EXAMPLES) OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q \
	  --hypothesis-profile=fuzz tests/test_fuzz_*.py tests/test_brushes_files.py

kill: $(BIN)/.test
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.kill --times 30

docs: $(BIN)/.test
	$(BIN)/python -m sphinx -b dirhtml -W --keep-going -q docs docs/_build/html
	@echo docs/_build/html/index.html

pages: $(BIN)/.test
	$(BIN)/python -m docs.pages

figures: $(BIN)/.test
	OMP_NUM_THREADS=1 $(BIN)/python -m recipes.figures

notebooks: $(BIN)/.test
	$(BIN)/python -m recipes.notebooks

pictures: $(BIN)/.test
	OMP_NUM_THREADS=1 $(BIN)/python -m recipes.pictures

release: $(BIN)/.test
	$(BIN)/python -m recipes.release

lint: $(BIN)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/pyright

install: $(BIN)/.paint

# The CPU build of torch at the version of constraints.txt, then diavlex itself.
$(BIN)/.paint: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch -e .
	touch $@

$(BIN)/.studio: $(BIN)/.paint
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[studio]'
	touch $@

$(BIN)/.test: $(BIN)/.paint
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

# libmypaint and chromium, for the tests of the real engine and of the page, where they may be installed.
engine:
	@ldconfig -p | grep -q libmypaint-1.5 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get -qq update && apt-get -qq install -y libmypaint-1.5-1 >/dev/null; } \
	  || echo "libmypaint is not installed: tests of the MyPaint engine are skipped"
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get -qq update && apt-get -qq install -y chromium >/dev/null; } \
	  || echo "chromium is not installed: tests of the studio's page are skipped"

clean:
	rm -rf .venv dist build docs/_build
