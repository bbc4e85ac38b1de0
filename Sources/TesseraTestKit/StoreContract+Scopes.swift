import TesseraCore

extension StoreContract {
    static let scopes = [
        Clause("the catalogue comes in the order of the names") { store in
            try expect(try await store.scopes(), is: [], "empty")
            let names = ["treasure:write", "Zebra", "treasure:read", "a"].compactMap(ScopeToken.init)
            for name in names {
                try await store.put(ScopeDefinition(name, "It’s <\(name)>"), audit: .make(.scopeAdded))
            }
            try expect(try await store.scopes().map(\.name), is: names.sorted(), "names")
            try expect(try await store.events(concerning: nil, limit: 9).count, is: 4, "events")
        },
        Clause("a permission of the same name is replaced") { store in
            try await store.put(ScopeDefinition(.tokensRead, "Old"), audit: .make())
            let replacement = ScopeDefinition(.tokensRead, "New", isForOperators: true)
            try await store.put(replacement, audit: .make())
            try expect(try await store.scopes(), is: [replacement], "catalogue")
        },
        Clause("a permission is removed once") { store in
            try await store.put(ScopeDefinition(.tokensRead, "Read"), audit: .make())
            try expect(try await store.removeScope(.tokensRead, audit: .make(.scopeRemoved)), "not removed")
            try expect(!(try await store.removeScope(.tokensRead, audit: .make())), "removed twice")
            try expect(try await store.scopes(), is: [], "catalogue")
            try expect(try await store.events(concerning: nil, limit: 9).count, is: 2, "events")
        },
    ]
}
