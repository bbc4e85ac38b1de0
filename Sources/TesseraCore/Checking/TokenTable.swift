import TesseraCrypto

/// Verified tokens by digest, in a table of bounded size that drops what has not been found for longest.
///
/// A look-up among a million random tokens is paid for in memory that is far away. So the entries stand in the table
/// itself, by linear probing, each in two neighbouring cache lines: nearly always they are all that is fetched. For the
/// same reason a third of the places stay empty at least; at four fifths full, a look-up had to go on to a second and
/// third place, and took a fifth longer. A digest is uniform, so that a part of it is the hash.
///
/// When the table is full, a hand goes round: it passes over what was found since its last visit, and drops the first
/// that was not (the *clock* of operating systems).
// Safe to send: it owns its block, which no other value refers to.
struct TokenTable: ~Copyable, @unchecked Sendable {
    private(set) var count = 0
    private let capacity: Int
    private let memory: BlockMemory
    /// The entries; the first word of an empty place is 0.
    private var block: UnsafeMutablePointer<CachedToken>
    private var slotCount: Int
    private var hand = 0

    private static let smallest = 16

    /// - Parameters:
    ///   - capacity: The most entries; at least 1.
    ///   - memory: The source of its blocks.
    init(capacity: Int, memory: BlockMemory) {
        precondition(
            MemoryLayout<CachedToken>.stride == 96 && MemoryLayout<CachedToken>.offset(of: \.digest) == 0,
            "an entry is to fit into 96 bytes and to begin with its digest")
        self.capacity = capacity
        self.memory = memory
        slotCount = Self.smallest
        block = Self.makeBlock(slotCount, memory)
    }

    deinit {
        for position in 0..<slotCount where hash(at: position) != 0 {
            (block + position).deinitialize(count: 1)
        }
        Self.free(block, slotCount, memory)
    }

    // MARK: Operations

    /// Calls `body` with the entry of this digest; `nil` when there is none.
    mutating func withEntry<Result: ~Copyable & Sendable>(
        _ digest: TokenDigest, _ body: (inout CachedToken) -> Result
    ) -> Result? {
        let position = position(of: digest)
        guard hash(at: position) != 0 else { return nil }
        return body(&block[position])
    }

    /// Adds an entry, in the place of one with the same digest.
    mutating func insert(_ new: CachedToken) {
        // It would look like an empty place; one digest in 2^64 is not kept.
        guard Self.hash(new.digest) != 0 else { return }
        let position = position(of: new.digest)
        if hash(at: position) != 0 {
            block[position] = new
            return
        }
        if count == capacity { dropOne() }
        if 3 * (count + 1) > 2 * slotCount { grow() }
        (block + self.position(of: new.digest)).initialize(to: new)
        count += 1
    }

    mutating func remove(_ digest: TokenDigest) {
        let position = position(of: digest)
        if hash(at: position) != 0 { remove(at: position) }
    }

    mutating func removeAll(where isUnwanted: (TokenRights) -> Bool) {
        var position = 0
        while position < slotCount {
            if hash(at: position) != 0, isUnwanted(block[position].token.rights) {
                // What stood behind may have moved up to here, so the same place is looked at again.
                remove(at: position)
            } else {
                position += 1
            }
        }
    }

    mutating func removeAll() {
        removeAll { _ in true }
        Self.free(block, slotCount, memory)
        hand = 0
        slotCount = Self.smallest
        block = Self.makeBlock(slotCount, memory)
    }

    // MARK: Slots

    private static func hash(_ digest: TokenDigest) -> UInt64 { digest.first }

    /// The hash of the entry that stands here; 0 when there is none.
    private func hash(at position: Int) -> UInt64 {
        UnsafeRawPointer(block + position).load(as: UInt64.self)
    }

    private func makeEmpty(_ position: Int) {
        UnsafeMutableRawPointer(block + position).storeBytes(of: 0, as: UInt64.self)
    }

    /// The place of an entry if nothing is in its way: the hash as a fraction of the table.
    private func home(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(slotCount)).high)
    }

    private func next(_ position: Int) -> Int { position + 1 == slotCount ? 0 : position + 1 }

    /// The number of places from one place on to another.
    private func distance(from start: Int, to end: Int) -> Int {
        end >= start ? end - start : end - start + slotCount
    }

    /// The place of the entry with this digest, or the empty one where it would be.
    private func position(of digest: TokenDigest) -> Int {
        let hash = Self.hash(digest)
        var position = home(of: hash)
        while true {
            let found = self.hash(at: position)
            if found == 0 || found == hash && block[position].digest == digest { return position }
            position = next(position)
        }
    }

    /// Takes an entry out, and moves up what stood behind it only because the place was taken.
    private mutating func remove(at position: Int) {
        (block + position).deinitialize(count: 1)
        count -= 1
        var hole = position
        var candidate = next(hole)
        while hash(at: candidate) != 0 {
            let home = home(of: hash(at: candidate))
            if distance(from: home, to: candidate) >= distance(from: hole, to: candidate) {
                (block + hole).moveInitialize(from: block + candidate, count: 1)
                hole = candidate
            }
            candidate = next(candidate)
        }
        makeEmpty(hole)
    }

    // MARK: Size

    private mutating func dropOne() {
        while true {
            if hand >= slotCount { hand = 0 }
            if hash(at: hand) != 0 {
                if !block[hand].isRecent { return remove(at: hand) }
                block[hand].isRecent = false
            }
            hand += 1
        }
    }

    private mutating func grow() {
        let (old, oldCount) = (block, slotCount)
        slotCount += slotCount / 4
        block = Self.makeBlock(slotCount, memory)
        hand = 0
        for entry in old..<(old + oldCount) {
            let hash = UnsafeRawPointer(entry).load(as: UInt64.self)
            guard hash != 0 else { continue }
            var position = home(of: hash)
            while self.hash(at: position) != 0 { position = next(position) }
            (block + position).moveInitialize(from: entry, count: 1)
        }
        Self.free(old, oldCount, memory)
    }

    private static func makeBlock(
        _ slotCount: Int, _ memory: BlockMemory
    ) -> UnsafeMutablePointer<CachedToken> {
        let block = memory.allocate(slotCount * MemoryLayout<CachedToken>.stride)
        guard let start = block.baseAddress else { preconditionFailure("a block has room") }
        return start.bindMemory(to: CachedToken.self, capacity: slotCount)
    }

    private static func free(
        _ block: UnsafeMutablePointer<CachedToken>, _ slotCount: Int, _ memory: BlockMemory
    ) {
        memory.free(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: block, count: slotCount)))
    }
}
