# make reproduce   the paper, claim by claim, in one page
# make test        every test
# Each installs what is missing first. The rest is for developers; see CONTRIBUTING.md.

BUILD ?= .build
SWIFT_BUILD = swift build -c release --scratch-path $(BUILD)
MODULES = LayerPeel LayerPeelFiles LayerPeelNetworks LayerPeelReports
SOURCES = Package.swift Sources Tests Examples

.PHONY: reproduce test build deps lint docs clean

reproduce: build
	$(BUILD)/release/layerpeel reproduce $(ARGS)

# One thread a network: tests run side by side, and teams of threads would wait for each other.
test: export OMP_NUM_THREADS = 1
test: deps
	swift build --build-tests -c release --scratch-path $(BUILD)
	swift test -c release --skip-build --disable-xctest --scratch-path $(BUILD)

build: deps
	$(SWIFT_BUILD) --product layerpeel

deps:
	@Scripts/install-dependencies.sh
	@python3 Scripts/fetch-plotly.py || true

lint:
	swift format lint --strict --recursive --parallel $(SOURCES)

docs: deps
	@Scripts/build-documentation.sh $(BUILD)-docs $(MODULES)

clean:
	rm -rf $(BUILD) $(BUILD)-docs
