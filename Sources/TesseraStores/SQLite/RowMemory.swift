import Glibc
import TesseraCore
import TesseraSQLite

/// What one read connection remembers of rows it has decoded: people and lists of scopes come again and again.
///
/// Nothing in it can be stale: a person is remembered by number *and* revision, which a trigger changes with the row, and
/// believed without a look at the row only in the state of the database in which the revision was seen last; a list of
/// scopes is remembered by its text. Bounded; a newcomer takes the place of an older one.
final class RowMemory {
    private static let peopleCount = 1_024
    /// Enough that lists hardly ever push each other out: who gets the same list again also shares its memory, and is
    /// found equal to another without looking.
    private static let scopesCount = 1_024

    private struct Person {
        let number: Int64
        let revision: Int64
        let user: User
        /// The last state in which this was seen to be so; `nil` for none that anybody can come back to.
        var snapshot: UInt64?
    }

    private var people: [Person?] = []
    private var scopes: [(text: [UInt8], scope: Scope)?] = []

    /// The person with this number, if it was seen in this state already what they are like in it.
    func user(number: Int64, in snapshot: UInt64?) -> User? {
        guard let snapshot, !people.isEmpty,
            let known = people[Int(truncatingIfNeeded: number & Int64(Self.peopleCount - 1))],
            known.number == number, known.snapshot == snapshot
        else { return nil }
        return known.user
    }

    /// The person with this number in this revision, which stands in the state of `snapshot`; read with `load` when not
    /// remembered.
    func user(
        number: Int64, revision: Int64, in snapshot: UInt64?, load: () throws -> User
    ) throws -> User {
        // Made at the first use: a connection that only writes remembers nobody.
        if people.isEmpty { people = Array(repeating: nil, count: Self.peopleCount) }
        let place = Int(truncatingIfNeeded: number & Int64(Self.peopleCount - 1))
        if let known = people[place], known.number == number, known.revision == revision {
            people[place]?.snapshot = snapshot
            return known.user
        }
        let user = try load()
        people[place] = Person(number: number, revision: revision, user: user, snapshot: snapshot)
        return user
    }

    /// The scope that this text stands for; `nil` when it is not in our form.
    func scope(_ text: UnsafeRawBufferPointer) -> Scope? {
        if scopes.isEmpty { scopes = Array(repeating: nil, count: Self.scopesCount) }
        var hash: UInt = 5_381
        for byte in text { hash = hash &* 33 &+ UInt(byte) }
        let place = Int(hash & UInt(Self.scopesCount - 1))
        if let known = scopes[place], Self.isEqual(known.text, text) { return known.scope }
        guard let scope = ScopeList.read(String(decoding: text, as: UTF8.self)) else { return nil }
        scopes[place] = (Array(text), scope)
        return scope
    }

    private static func isEqual(_ left: [UInt8], _ right: UnsafeRawBufferPointer) -> Bool {
        left.withUnsafeBytes { left in
            guard left.count == right.count else { return false }
            guard let start = left.baseAddress, let other = right.baseAddress else { return true }
            return memcmp(start, other, left.count) == 0
        }
    }
}

extension SQLiteConnection {
    /// The decoded rows of this connection.
    var memory: RowMemory {
        if let known = decodedRows { return unsafeDowncast(known, to: RowMemory.self) }
        let new = RowMemory()
        decodedRows = new
        return new
    }
}
