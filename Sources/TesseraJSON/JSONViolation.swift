/// The reason why a text is not accepted as JSON, and the position.
///
/// It contains nothing of the text, which may hold a secret.
public struct JSONViolation: Error, Sendable, Hashable {
    /// The reason.
    public let reason: Reason
    /// The number of bytes before the position; the length of the input if it ended too early.
    public let offset: Int

    /// Makes a violation from its parts.
    public init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The kinds of violations; the raw value is a stable code.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        case tooLarge = "too_large"
        case tooDeep = "too_deep"
        case invalidUTF8 = "invalid_utf8"
        case byteOrderMark = "byte_order_mark"
        case unexpectedEnd = "unexpected_end"
        case unexpectedCharacter = "unexpected_character"
        case contentAfterEnd = "content_after_end"
        case invalidNumber = "invalid_number"
        case controlCharacter = "control_character"
        case invalidEscape = "invalid_escape"
        case loneSurrogate = "lone_surrogate"
        case duplicateMember = "duplicate_member"
    }
}

extension JSONViolation: CustomStringConvertible {
    /// A phrase for people, with the position.
    public var description: String { "\(reason.sentence), at byte \(offset)" }
}

extension JSONViolation.Reason {
    var sentence: String {
        switch self {
        case .tooLarge: "The JSON text is too large"
        case .tooDeep: "Arrays and objects are nested too deeply"
        case .invalidUTF8: "The JSON text is not UTF-8"
        case .byteOrderMark: "The JSON text begins with a byte order mark"
        case .unexpectedEnd: "The JSON text ends too early"
        case .unexpectedCharacter: "A character is in a place where JSON does not allow it"
        case .contentAfterEnd: "Something follows the end of the JSON value"
        case .invalidNumber: "A number does not have the JSON format"
        case .controlCharacter: "A string contains a control character that is not escaped"
        case .invalidEscape: "A string contains an escape that JSON does not have"
        case .loneSurrogate: "A string contains half of a surrogate pair"
        case .duplicateMember: "An object contains a member name twice"
        }
    }
}
