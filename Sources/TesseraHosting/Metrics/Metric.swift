/// One number for operators, as Prometheus reads it.
public struct Metric: Sendable {
    public enum Kind: String, Sendable { case counter, gauge }

    package let name: String
    let kind: Kind
    let help: String
    package let samples: [(labels: [(String, String)], value: Double)]

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
