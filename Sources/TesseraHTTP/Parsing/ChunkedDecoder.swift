/// Decodes a chunked body strictly (RFC 9112 §7.1): sizes in hexadecimal digits only, CR LF at every line end.
/// Extensions are limited and ignored; trailers are limited, checked and dropped.
struct ChunkedDecoder {
    private enum State {
        case sizeStart, size, chunkExtension, sizeLineFeed
        case data, dataReturn, dataLineFeed
        case trailerStart, trailerName, trailerValue, trailerLineFeed, lastLineFeed
        case finished
    }

    private var state = State.sizeStart
    private var size = 0
    private var digits = 0
    private var extensionBytes: Int
    private var trailerBytes: Int

    init(limits: HTTPLimits) {
        extensionBytes = limits.chunkExtensions
        trailerBytes = limits.trailers
    }

    /// Indicates that the body has ended; the bytes after it belong to the next request.
    var isFinished: Bool { state == .finished }

    /// Decodes until the input ends, the body ends, or `limit` bytes of data have been found.
    ///
    /// - Parameters:
    ///   - bytes: The input that has not been consumed.
    ///   - limit: The largest number of data bytes to take.
    ///   - body: The destination of the data; `nil` discards it.
    /// - Returns: The number of consumed bytes, and the number of data bytes among them.
    /// - Throws: ``HTTPError`` 400.
    mutating func advance(_ bytes: Span<UInt8>, limit: Int, into body: inout [UInt8]?) throws(HTTPError) -> (
        consumed: Int, data: Int
    ) {
        var index = 0
        var taken = 0
        while index < bytes.count, state != .finished {
            if state == .data {
                let count = min(size, bytes.count - index, limit - taken)
                guard count > 0 else { break }
                bytes.extracting(index..<(index + count)).withUnsafeBufferPointer {
                    body?.append(contentsOf: $0)
                }
                index += count
                taken += count
                size -= count
                if size == 0 { state = .dataReturn }
                continue
            }
            try step(bytes[index])
            index += 1
        }
        return (index, taken)
    }

    private mutating func step(_ byte: UInt8) throws(HTTPError) {
        switch state {
        case .sizeStart, .size:
            if let digit = CharacterClass.hexadecimalValue(byte) {
                digits += 1
                // Fifteen digits cannot overflow, and no real chunk is that large.
                guard digits <= 15 else { throw Self.refusal("A chunk size is too long.") }
                size = size << 4 | Int(digit)
                state = .size
            } else if state == .size, byte == 0x0D {
                state = .sizeLineFeed
            } else if state == .size, byte == 0x3B {
                try countExtensionByte()
                state = .chunkExtension
            } else {
                throw Self.refusal("A chunk size is not a hexadecimal number.")
            }
        case .chunkExtension:
            if byte == 0x0D {
                state = .sizeLineFeed
            } else {
                guard (0x20...0x7E).contains(byte) || byte == 0x09 else {
                    throw Self.refusal("A chunk extension contains a control character.")
                }
                try countExtensionByte()
            }
        case .sizeLineFeed:
            try expectLineFeed(byte)
            state = size == 0 ? .trailerStart : .data
            digits = 0
        case .dataReturn:
            guard byte == 0x0D else { throw Self.refusal("A chunk is longer than its size.") }
            state = .dataLineFeed
        case .dataLineFeed:
            try expectLineFeed(byte)
            state = .sizeStart
        case .trailerStart where byte == 0x0D:
            state = .lastLineFeed
        case .trailerStart, .trailerName:
            try countTrailerByte()
            if byte == 0x3A, state == .trailerName {
                state = .trailerValue
            } else {
                guard CharacterClass.isTokenByte(byte) else {
                    throw Self.refusal("A trailer is not a field name followed by a colon.")
                }
                state = .trailerName
            }
        case .trailerValue:
            try countTrailerByte()
            if byte == 0x0D {
                state = .trailerLineFeed
            } else {
                guard CharacterClass.isFieldValueByte(byte) else {
                    throw Self.refusal("A trailer contains a control character.")
                }
            }
        case .trailerLineFeed:
            try expectLineFeed(byte)
            state = .trailerStart
        case .lastLineFeed:
            try expectLineFeed(byte)
            state = .finished
        case .data, .finished:
            break
        }
    }

    private func expectLineFeed(_ byte: UInt8) throws(HTTPError) {
        guard byte == 0x0A else { throw Self.refusal("A line of the chunked body does not end in CR LF.") }
    }

    private mutating func countExtensionByte() throws(HTTPError) {
        extensionBytes -= 1
        guard extensionBytes >= 0 else { throw Self.refusal("The chunk extensions are too long.") }
    }

    private mutating func countTrailerByte() throws(HTTPError) {
        trailerBytes -= 1
        guard trailerBytes >= 0 else { throw Self.refusal("The trailers are too long.") }
    }

    private static func refusal(_ detail: String) -> HTTPError { HTTPError(.badRequest, detail) }
}
