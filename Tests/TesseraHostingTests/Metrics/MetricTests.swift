import TesseraTime
import Testing

@testable import TesseraHosting

@Suite struct MetricsTests {
    private func text(_ metric: Metric) -> String {
        let registry = MetricsRegistry()
        registry.add { [metric] }
        return registry.text()
    }

    @Test func countsHaveNoDecimalPoint() {
        #expect(
            text(Metric("tessera_things_total", .counter, "Things.", 3))
                == "# HELP tessera_things_total Things.\n# TYPE tessera_things_total counter\ntessera_things_total 3\n"
        )
    }

    @Test(arguments: [(0.25, "0.25"), (1e-7, "1e-07"), (1_767_225_600.125, "1767225600.125"), (-2.0, "-2")])
    func numbersAreExact(value: Double, written: String) {
        #expect(text(Metric("a_seconds", .gauge, "A.", value)).hasSuffix("\na_seconds \(written)\n"))
    }

    @Test func whatCouldEndALabelOrALineIsEscaped() {
        let metric = Metric("a", .gauge, "One\\two\n\"three\"", samples: [([("b", "\\ \" \n")], 1)])
        #expect(
            text(metric)
                == #"# HELP a One\\two\n"three""# + "\n# TYPE a gauge\n" + #"a{b="\\ \" \n"} 1"# + "\n")
    }

    @Test func processSaysWhatItUses() {
        let metrics = ProcessMetrics.all(since: .init(seconds: 5))
        #expect(
            metrics.map(\.name) == [
                "process_resident_memory_bytes", "process_cpu_seconds_total", "process_start_time_seconds",
            ])
        #expect(metrics[0].samples[0].value > 1_000_000)
        #expect(metrics[1].samples[0].value > 0)
        #expect(metrics[2].samples[0].value == 5)
    }
}
