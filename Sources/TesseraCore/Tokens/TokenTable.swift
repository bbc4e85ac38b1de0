import TesseraCrypto

/// Verified tokens by digest, in a table of bounded size that drops what has not been found for longest.
///
/// A look-up among a million random tokens is paid for in memory that is far away. So the entries stand in the table
/// itself, by linear probing, each in two neighbouring cache lines: nearly always they are all that is fetched. A digest
/// is uniform, so that a part of it is the hash.
///
/// When the table is full, a hand goes round: it passes over what was found since its last visit, and drops the first
/// that was not (the *clock* of operating systems).
// Safe to send: it owns its block, which nobody else knows.
struct TokenTable: ~Copyable, @unchecked Sendable {
    private(set) var count = 0
    private let capacity: Int
    private let advise: @Sendable (UnsafeMutableRawBufferPointer) -> Void
    private var block: UnsafeMutableRawBufferPointer
    private var slotCount: Int
    private var hand = 0

    private static let smallest = 16
    /// Two cache lines.
    private static let slotBytes = 128
    /// Where the entry stands in its slot, behind the word that says whether there is one.
    private static let entryOffset = 8
    /// From this size on a block is aligned so that it can consist of large pages.
    private static let largePage = 2 << 20

    /// - Parameters:
    ///   - capacity: The most entries; at least 1.
    ///   - advise: Told of each large block before it is used, in order to ask the system for large pages.
    init(capacity: Int, advise: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) {
        precondition(
            Self.entryOffset + MemoryLayout<CachedToken>.size <= Self.slotBytes,
            "an entry has grown too large")
        self.capacity = capacity
        self.advise = advise
        slotCount = Self.smallest
        block = Self.makeBlock(slotCount, advise)
    }

    deinit {
        for position in 0..<slotCount where word(position).pointee != 0 {
            entry(position).deinitialize(count: 1)
        }
        block.deallocate()
    }

    // MARK: Operations

    /// Calls `body` with the entry of this digest; `nil` when there is none.
    mutating func withEntry<Result: Sendable>(
        _ digest: TokenDigest, _ body: (inout CachedToken) -> Result
    ) -> Result? {
        let position = position(of: digest)
        guard word(position).pointee != 0 else { return nil }
        return body(&entry(position).pointee)
    }

    /// Adds an entry, in the place of one with the same digest.
    mutating func insert(_ new: CachedToken) {
        let position = position(of: new.digest)
        if word(position).pointee != 0 {
            entry(position).pointee = new
            return
        }
        if count == capacity { dropOne() }
        if 5 * (count + 1) > 4 * slotCount { grow() }
        let free = self.position(of: new.digest)
        word(free).pointee = Self.hash(new.digest)
        entry(free).initialize(to: new)
        count += 1
    }

    mutating func remove(_ digest: TokenDigest) {
        let position = position(of: digest)
        if word(position).pointee != 0 { remove(at: position) }
    }

    mutating func removeAll(where isUnwanted: (VerifiedAccessToken) -> Bool) {
        var position = 0
        while position < slotCount {
            if word(position).pointee != 0, isUnwanted(entry(position).pointee.token) {
                // What stood behind may have moved up to here, so the same place is looked at again.
                remove(at: position)
            } else {
                position += 1
            }
        }
    }

    mutating func removeAll() {
        removeAll { _ in true }
        block.deallocate()
        hand = 0
        slotCount = Self.smallest
        block = Self.makeBlock(slotCount, advise)
    }

    // MARK: Slots

    /// What stands in a slot's word: never 0, which means that the slot is empty.
    private static func hash(_ digest: TokenDigest) -> UInt64 { digest.first | 1 }

    /// Where an entry stands if nothing is in its way: the hash as a fraction of the table.
    private func home(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(slotCount)).high)
    }

    private func word(_ position: Int) -> UnsafeMutablePointer<UInt64> {
        (block.baseAddress! + position * Self.slotBytes).assumingMemoryBound(to: UInt64.self)
    }

    private func entry(_ position: Int) -> UnsafeMutablePointer<CachedToken> {
        (block.baseAddress! + position * Self.slotBytes + Self.entryOffset)
            .assumingMemoryBound(to: CachedToken.self)
    }

    private func next(_ position: Int) -> Int { position + 1 == slotCount ? 0 : position + 1 }

    /// How far it is from one place on to another.
    private func distance(from start: Int, to end: Int) -> Int {
        end >= start ? end - start : end - start + slotCount
    }

    /// The place of the entry with this digest, or the empty one where it would be.
    private func position(of digest: TokenDigest) -> Int {
        let hash = Self.hash(digest)
        var position = home(of: hash)
        while true {
            let word = word(position).pointee
            if word == 0 || word == hash && entry(position).pointee.digest == digest { return position }
            position = next(position)
        }
    }

    /// Takes an entry out, and moves up what stood behind it only because the place was taken.
    private mutating func remove(at position: Int) {
        entry(position).deinitialize(count: 1)
        count -= 1
        var hole = position
        var candidate = next(hole)
        while word(candidate).pointee != 0 {
            let home = home(of: word(candidate).pointee)
            if distance(from: home, to: candidate) >= distance(from: hole, to: candidate) {
                word(hole).pointee = word(candidate).pointee
                entry(hole).moveInitialize(from: entry(candidate), count: 1)
                hole = candidate
            }
            candidate = next(candidate)
        }
        word(hole).pointee = 0
    }

    // MARK: Size

    private mutating func dropOne() {
        while true {
            if hand >= slotCount { hand = 0 }
            if word(hand).pointee != 0 {
                if !entry(hand).pointee.isRecent { return remove(at: hand) }
                entry(hand).pointee.isRecent = false
            }
            hand += 1
        }
    }

    private mutating func grow() {
        let (old, oldCount) = (block, slotCount)
        slotCount += slotCount / 2
        block = Self.makeBlock(slotCount, advise)
        hand = 0
        for index in 0..<oldCount {
            let slot = old.baseAddress! + index * Self.slotBytes
            let hash = slot.assumingMemoryBound(to: UInt64.self).pointee
            guard hash != 0 else { continue }
            var position = home(of: hash)
            while word(position).pointee != 0 { position = next(position) }
            word(position).pointee = hash
            entry(position).moveInitialize(
                from: (slot + Self.entryOffset).assumingMemoryBound(to: CachedToken.self), count: 1)
        }
        old.deallocate()
    }

    private static func makeBlock(
        _ slotCount: Int, _ advise: @Sendable (UnsafeMutableRawBufferPointer) -> Void
    ) -> UnsafeMutableRawBufferPointer {
        let size = slotCount * slotBytes
        let block = UnsafeMutableRawBufferPointer.allocate(
            byteCount: size, alignment: size >= largePage ? largePage : slotBytes)
        if size >= largePage { advise(block) }
        block.initializeMemory(as: UInt8.self, repeating: 0)
        return block
    }
}
