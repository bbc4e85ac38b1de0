import Glibc
import TesseraCore

/// The memory of a connection for decoded rows, because the same users and scopes come again and again.
///
/// No entry can be stale. A user is remembered by number *and* revision, which a trigger changes with the row, and used without
/// a look at the row only in the state of the database in which the revision was last seen. A scope is remembered by its
/// text. The memory is bounded: a new entry takes the place of an older one.
final class RowMemory {
    private static let peopleCount = 1_024
    /// So many that scopes rarely replace each other. Tokens with the same remembered scope also share its storage, and compare
    /// as equal at once.
    private static let scopesCount = 1_024

    private struct Person {
        let number: Int64
        let revision: Int64
        let user: User
        /// The last state in which this revision was seen; `nil` for a state that cannot come back.
        var snapshot: UInt64?
    }

    private var people: [Person?] = []
    private var scopes: [(text: [UInt8], scope: Scope)?] = []

    /// The user with this number, if this state was already read for it.
    func user(number: Int64, in snapshot: UInt64?) -> User? {
        guard let snapshot, !people.isEmpty,
            let known = people[Int(truncatingIfNeeded: number & Int64(Self.peopleCount - 1))],
            known.number == number, known.snapshot == snapshot
        else { return nil }
        return known.user
    }

    /// The user with this number and revision, which the state of `snapshot` has; `load` reads it when it is not remembered.
    func user(
        number: Int64, revision: Int64, in snapshot: UInt64?, load: () throws -> User
    ) throws -> User {
        // Created at the first use, because a connection that only writes remembers no users.
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

    /// The scope with this stored form; `nil` for any other text.
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
