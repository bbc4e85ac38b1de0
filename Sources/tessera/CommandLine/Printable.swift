/// Text from outside, made fit for a terminal.
enum Printable {
    /// The text with every control and format character written as `\u{…}`: none of them may act on the terminal.
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

    /// What somebody typed, in quotes and not longer than a line can bear.
    static func quoted(_ text: String) -> String {
        let shortened = text.count > 60 ? text.prefix(60) + "…" : text[...]
        return "‘\(escaped(String(shortened)))’"
    }
}
