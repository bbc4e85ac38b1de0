import TesseraCore
import TesseraText

/// Text from outside, made safe for a terminal.
enum Printable {
    /// The text with all control and format characters written as `\u{…}`, so that they cannot affect the terminal.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A typed text in quotation marks, shortened, and without parts that could be a token.
    static func quoted(_ text: String) -> String {
        let redacted = Redaction.excerpt(of: text, within: TextLimit(0...longest + 1))
        let shortened = TextLimit(0...longest).cut(redacted)
        return "‘\(escaped(shortened))\(shortened.utf8.count < redacted.utf8.count ? "…" : "")’"
    }

    private static let longest = 60
}
