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
.PHONY: paint studio test fuzz kill lint install engine clean

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
	  --hypothesis-profile=fuzz tests/test_fuzz_*.py

kill: $(BIN)/.test
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.kill --times 30

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
	rm -rf .venv dist build
