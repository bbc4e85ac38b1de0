import Synchronization
import TesseraCore

/// One number for operators, as Prometheus reads it.
public struct Metric: Sendable {
    public enum Kind: String, Sendable { case counter, gauge }

    let name: String
    let kind: Kind
    let help: String
    let samples: [(labels: [(String, String)], value: Double)]

    /// - Parameters:
    ///   - name: With its unit at the end, such as `tessera_requests_total`.
    ///   - help: What it counts, in a sentence.
    public init(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        self.init(name, kind, help, Double(value))
    }

    public init(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        self.init(name, kind, help, samples: [([], value)])
    }

    /// - Parameter samples: Values apart by labels. What is counted of people has no place in a label.
    public init(
        _ name: String, _ kind: Kind, _ help: String, samples: [(labels: [(String, String)], value: Double)]
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }
}

/// Where the parts of the program put their numbers.
final class MetricsRegistry: Sendable {
    private let sources = Mutex<[@Sendable () -> [Metric]]>([])

    func add(_ source: @escaping @Sendable () -> [Metric]) {
        sources.withLock { $0.append(source) }
    }

    /// Everything in the Prometheus text format 0.0.4.
    func text() -> String {
        var text = ""
        for source in sources.withLock({ $0 }) {
            for metric in source() {
                text +=
                    "# HELP \(metric.name) \(Self.escaped(metric.help))\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
                for (labels, value) in metric.samples {
                    let list = labels.map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }.joined(
                        separator: ",")
                    text += "\(metric.name)\(list.isEmpty ? "" : "{\(list)}") \(Self.number(value))\n"
                }
            }
        }
        return text
    }

    /// A count without a decimal point, so that it is read by eye.
    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool = false) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

extension Lifecycle {
    /// The numbers about refusals, passwords and the cache.
    static func metrics(
        of refusals: RefusalLog, throttle: SharedThrottle, cache: TokenCache
    ) -> [Metric] {
        let counts = refusals.counts
        return [
            Metric(
                "tessera_refusals_total", .counter, "Requests refused, by cause.",
                samples: RefusalCause.allCases.map { ([("cause", $0.rawValue)], Double(counts[$0] ?? 0)) }),
            Metric(
                "tessera_refusals_unexplained_total", .counter,
                "Refusals that were only counted, because there were too many in one second.",
                refusals.droppedCount),
            Metric(
                "tessera_passwords_not_tried_total", .counter,
                "Passwords that were not looked at because too many had been tried.", throttle.refusals),
            Metric("tessera_token_cache_entries", .gauge, "Verified tokens held in memory.", cache.count),
            Metric(
                "tessera_token_cache_bypassed", .gauge,
                "1 while changes by other nodes are not heard and every token is looked up in the database.",
                cache.isBypassed ? 1 : 0),
        ]
    }
}
