extension TimeZoneRules {
    /// Reads a file of the IANA time zone database, of version 2 or later: RFC 9636 §3.
    ///
    /// - Returns: nil for bytes that are anything else, and for zones that count leap seconds, which no instant here does.
    public init?(tzif bytes: [UInt8]) {
        var reader = TZifReader(bytes)
        // The first block has times of 32 bits, and is there for readers of version 1.
        guard let old = reader.header(), reader.skip(old.length(ofTime: 4)),
            let header = reader.header(), header.leapSeconds == 0,
            let block = reader.take(header.length(ofTime: 8)),
            let footer = reader.footer()
        else { return nil }
        var body = TZifReader(block)
        let times = (0..<header.times).compactMap { _ in body.integer(of: 8) }
        let kinds = (0..<header.times).compactMap { _ in body.integer(of: 1) }
        var offsets: [Int64] = []
        for _ in 0..<header.kinds {
            guard let offset = body.integer(of: 4), body.skip(2), Self.offsets.contains(offset) else {
                return nil
            }
            offsets.append(offset)
        }
        guard let initial = offsets.first, times.count == header.times, kinds.count == header.times,
            zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        var transitions: [Transition] = []
        for (time, kind) in zip(times, kinds) {
            guard offsets.indices.contains(Int(kind)) else { return nil }
            transitions.append(Transition(at: time, offset: offsets[Int(kind)]))
        }
        var rule: YearlyRule?
        if !footer.isEmpty {
            rule = YearlyRule(footer)
            if rule == nil { return nil }
        }
        self.init(initialOffset: initial, transitions: transitions, rule: rule)
    }

    /// From -25:59:59 to +25:59:59: RFC 9636 §3.2.
    private static let offsets: ClosedRange<Int64> = -93_599...93_599
}

/// Reads the parts of a TZif file from the front of its bytes; nil where they do not suffice.
private struct TZifReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) { rest = ArraySlice(Array(bytes)) }

    /// The counts of a header, in the order in which the block behind it has the parts.
    struct Header {
        let universalMarks: Int
        let standardMarks: Int
        let leapSeconds: Int
        let times: Int
        let kinds: Int
        let characters: Int

        /// The length of the block behind the header. No count is above 32 bits, so that nothing overflows.
        func length(ofTime size: Int) -> Int {
            times * (size + 1) + kinds * 6 + characters + leapSeconds * (size + 4) + standardMarks
                + universalMarks
        }
    }

    mutating func header() -> Header? {
        guard let magic = take(4), magic.elementsEqual("TZif".utf8), let version = take(1)?.first,
            version >= UInt8(ascii: "2"), skip(15)
        else { return nil }
        let counts = (0..<6).compactMap { _ in take(4)?.reduce(0) { $0 << 8 | Int($1) } }
        guard counts.count == 6 else { return nil }
        return Header(
            universalMarks: counts[0], standardMarks: counts[1], leapSeconds: counts[2], times: counts[3],
            kinds: counts[4], characters: counts[5])
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func skip(_ count: Int) -> Bool { take(count) != nil }

    /// A big-endian integer in two's complement; one of a single byte has no sign.
    mutating func integer(of size: Int) -> Int64? {
        guard let bytes = take(size), let first = bytes.first else { return nil }
        let start: Int64 = size > 1 && first >= 0x80 ? -1 : 0
        return bytes.reduce(start) { $0 << 8 | Int64($1) }
    }

    /// The text between two line feeds at the end of the file.
    mutating func footer() -> String? {
        guard rest.first == 0x0A, rest.count >= 2, rest.last == 0x0A else { return nil }
        return String(validating: rest.dropFirst().dropLast(), as: UTF8.self)
    }
}
