/// A bound on the length of a text from outside, in Unicode scalars and in bytes of UTF-8.
///
/// Swift's `count` and `prefix` work on grapheme clusters, one of which may have any number of scalars: `a` and 30,000
/// combining accents count as one character. Unicode scalars are the characters of JSON Schema (`maxLength`, RFC 8259 §7).
public struct TextLimit: Sendable, Hashable {
    /// The accepted numbers of scalars.
    public let scalars: ClosedRange<Int>
    /// The largest accepted number of bytes.
    public let bytes: Int

    /// - Parameters:
    ///   - scalars: The accepted numbers of scalars, from 0 on.
    ///   - bytes: The largest accepted number of bytes; four for each scalar if not given, which excludes nothing.
    public init(_ scalars: ClosedRange<Int>, bytes: Int? = nil) {
        precondition(scalars.lowerBound >= 0 && scalars.upperBound <= 1 << 32, "no such limit: \(scalars)")
        self.scalars = scalars
        self.bytes = bytes ?? 4 * scalars.upperBound
    }

    /// Whether a text has an accepted length. Takes no longer for a text that is much too long.
    public func admits(_ text: String) -> Bool {
        let size = text.utf8.count
        guard size >= scalars.lowerBound, size <= bytes else { return false }
        return scalars.contains(text.unicodeScalars.count)
    }

    /// The longest beginning of a text that is not too long. Ends between two scalars.
    ///
    /// A text that may hold a secret is redacted before it is cut: a part of a secret is not recognized any more.
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
