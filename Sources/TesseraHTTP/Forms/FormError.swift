/// Why form-encoded text is refused.
public enum FormError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A `%` without two hexadecimal digits behind it, at this byte.
    case badPercentEncoding(at: Int)
    /// A raw control character, at this byte.
    case controlCharacter(at: Int)
    /// A NUL, encoded or not, at this byte.
    case nul(at: Int)
    /// The name or value that begins at this byte is not UTF-8.
    case notUTF8(at: Int)
    /// More pairs than are accepted.
    case tooManyPairs(limit: Int)
    /// A parameter that may stand once stands several times.
    case repeated(name: String)

    /// A sentence for people; it shows nothing that was sent but the name of a parameter the program asked for.
    public var description: String {
        switch self {
        case .badPercentEncoding(let offset): "Byte \(offset) begins a malformed percent-encoding."
        case .controlCharacter(let offset): "Byte \(offset) is a control character."
        case .nul(let offset): "Byte \(offset) is a NUL character."
        case .notUTF8(let offset): "What begins at byte \(offset) is not UTF-8."
        case .tooManyPairs(let limit): "There are more than \(limit) parameters."
        case .repeated(let name): "The parameter \(name) is there more than once."
        }
    }

    /// The same as an answer: 400.
    public var httpError: HTTPError { HTTPError(.badRequest, description) }
}
