import Synchronization

/// Where the parts of the program put their numbers.
package final class MetricsRegistry: Sendable {
    private let sources = Mutex<[@Sendable () -> [Metric]]>([])

    package init() {}

    package func add(_ source: @escaping @Sendable () -> [Metric]) {
        sources.withLock { $0.append(source) }
    }

    /// Everything in the Prometheus text format 0.0.4.
    package func text() -> String {
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
