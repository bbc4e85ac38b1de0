import TesseraTime

/// Too much was tried in too short a time: 429 with `Retry-After`.
public struct TooManyAttempts: Error, Sendable {
    /// The time until the next attempt may succeed.
    public let wait: Duration

    var sentence: String { WaitPhrase(wait).sentence }
}

/// A time to wait, in words.
struct WaitPhrase {
    /// In whole seconds, at least one.
    let seconds: Int64

    init(_ wait: Duration) {
        let (seconds, attoseconds) = wait.components
        self.seconds = max(1, seconds.addingClamped(attoseconds > 0 ? 1 : 0))
    }

    /// As in "Too many attempts. Try again in 3 minutes."
    var sentence: String { "Too many attempts. Try again in \(text)." }

    private var text: String {
        func count(_ unit: Int64, _ name: String) -> String {
            // A person who comes back when told must not be too early.
            let number = (seconds - 1) / unit + 1
            return number == 1 ? "1 \(name)" : "\(number) \(name)s"
        }
        return switch seconds {
        case ..<91: count(1, "second")
        case ..<5_400: count(60, "minute")
        default: count(3_600, "hour")
        }
    }
}
