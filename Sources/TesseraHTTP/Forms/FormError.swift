/// The reason why form-encoded text is refused.
public enum FormError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A `%` at this byte without two hexadecimal digits after it.
    case badPercentEncoding(at: Int)
    /// A raw control character at this byte.
    case controlCharacter(at: Int)
    /// A NUL at this byte, encoded or not.
    case nul(at: Int)
    /// A name or value that starts at this byte and is not UTF-8.
    case notUTF8(at: Int)
    /// More pairs than allowed.
    case tooManyPairs(limit: Int)
    /// A repeated parameter that may occur only once.
    case repeated(name: String)

    /// A sentence for people. Of the input it shows at most the name of a parameter that the program asked for.
    public var description: String {
        switch self {
        case .badPercentEncoding(let offset): "The percent-encoding at byte \(offset) is malformed."
        case .controlCharacter(let offset): "Byte \(offset) is a control character."
        case .nul(let offset): "Byte \(offset) is a NUL character."
        case .notUTF8(let offset): "The text that starts at byte \(offset) is not UTF-8."
        case .tooManyPairs(let limit): "There are more than \(limit) parameters."
        case .repeated(let name): "The parameter \(name) occurs more than once."
        }
    }

    /// The same error as a 400 response.
    public var httpError: HTTPError { HTTPError(.badRequest, description) }
}
