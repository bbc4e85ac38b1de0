/// Why bytes are not the JSON that is let through, and where.
///
/// Says nothing of the content, which may hold a secret.
public struct JSONViolation: Error, Sendable, Hashable {
    public let reason: Reason
    /// How many bytes stand before the place; the length of the input when it ended too early.
    public let offset: Int

    public init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// What is wrong; the raw value is a stable code.
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
        case .unexpectedCharacter: "A character stands where JSON does not allow it"
        case .contentAfterEnd: "Something follows the end of the JSON value"
        case .invalidNumber: "A number is not written as JSON writes it"
        case .controlCharacter: "A string contains a control character that is not escaped"
        case .invalidEscape: "A string contains an escape that JSON does not have"
        case .loneSurrogate: "A string contains half of a surrogate pair"
        case .duplicateMember: "An object names a member twice"
        }
    }
}
