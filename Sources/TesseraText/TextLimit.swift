/// A limit on the length of a text from outside, in Unicode scalars and in UTF-8 bytes.
///
/// Swift's `count` and `prefix` count grapheme clusters, which can have any number of scalars: `a` with 30,000
/// combining accents is one character. JSON Schema also counts Unicode scalars (`maxLength`, RFC 8259 §7).
public struct TextLimit: Sendable, Hashable {
    /// The accepted number of scalars.
    public let scalars: ClosedRange<Int>
    /// The largest accepted number of bytes.
    public let bytes: Int

    /// Makes a limit.
    ///
    /// - Parameters:
    ///   - scalars: The accepted number of scalars, from 0 on.
    ///   - bytes: The largest accepted number of bytes; the default of four for each scalar excludes nothing.
    public init(_ scalars: ClosedRange<Int>, bytes: Int? = nil) {
        precondition(scalars.lowerBound >= 0 && scalars.upperBound <= 1 << 32, "no such limit: \(scalars)")
        self.scalars = scalars
        self.bytes = bytes ?? 4 * scalars.upperBound
    }

    /// Reports whether the length of a text is accepted. A text that is far too long takes no more time.
    public func admits(_ text: String) -> Bool {
        let size = text.utf8.count
        guard size >= scalars.lowerBound, size <= bytes else { return false }
        return scalars.contains(text.unicodeScalars.count)
    }

    /// Returns the longest accepted prefix of a text. It ends between two scalars.
    ///
    /// Redact secrets before a text is cut: a part of a secret is not recognized.
    public func cut(_ text: String) -> String {
        if text.utf8.count <= min(scalars.upperBound, bytes) { return text }
        let all = text.unicodeScalars
        var end = all.startIndex
        var count = 0
        var size = 0
        while end < all.endIndex, count < scalars.upperBound {
            size += UTF8.width(all[end])
            guard size <= bytes else { break }
            count += 1
            all.formIndex(after: &end)
        }
        return String(all[..<end])
    }
}
