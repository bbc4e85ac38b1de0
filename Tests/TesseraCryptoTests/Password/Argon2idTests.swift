import TesseraCrypto
import Testing

@Suite struct Argon2idTests {
    struct Vector: Sendable {
        var memory: Int
        var passes: Int
        var lanes: Int
        var password = "password"
        var salt = "somesalt"
        var phc: String
    }

    static let vectors = [
        Vector(
            memory: 65_536, passes: 2, lanes: 1,
            phc: "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        Vector(
            memory: 256, passes: 2, lanes: 1,
            phc: "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"),
        Vector(
            memory: 256, passes: 2, lanes: 2,
            phc: "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"),
        Vector(
            memory: 65_536, passes: 2, lanes: 1, password: "differentpassword",
            phc: "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"),
        Vector(
            memory: 65_536, passes: 2, lanes: 1, salt: "diffsalt",
            phc: "$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw"),
    ]

    @Test("test vectors of the reference implementation", arguments: vectors)
    func hashesAreTheKnownOnes(_ vector: Vector) throws {
        let parameters = try #require(
            Argon2Parameters(memory: vector.memory, passes: vector.passes, lanes: vector.lanes))
        let password = Secret(utf8: vector.password)
        let phc = try Argon2id.hash(password, salt: Array(vector.salt.utf8), parameters: parameters)
        #expect(phc == vector.phc)
        #expect(try Argon2id.verify(password, against: vector.phc))
        #expect(try !Argon2id.verify(Secret(utf8: vector.password + "!"), against: vector.phc))
    }

    static let quick = Argon2Parameters(memory: 64, passes: 1)!
    let salt = [UInt8](repeating: 9, count: 16)

    @Test("N208") func everyByteOfAPasswordCounts() throws {
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 4_096)
        var passwords: [[UInt8]] = [
            [], [0], [0, 0], Array("a".utf8), Array("a\u{0}".utf8), Array("a\u{0}b".utf8),
            Array("a\u{0}c".utf8),
            Array(long.prefix(71)), Array(long.prefix(72)), Array(long.prefix(73)), long, [0xFF, 0xFE],
            Array("é".utf8), Array("e\u{301}".utf8),
        ]
        passwords.append(Array(long.dropLast()) + [UInt8(ascii: "b")])
        let hashes = try passwords.map {
            try Argon2id.hash(Secret($0), salt: salt, parameters: Self.quick)
        }
        #expect(Set(hashes).count == passwords.count)
        for (password, hash) in zip(passwords, hashes) {
            #expect(try Argon2id.verify(Secret(password), against: hash))
        }
    }

    @Test(arguments: [
        "", "$", "password", "$argon2id$v=19$m=64,t=1,p=1$CQkJCQkJCQkJCQkJCQkJCQ",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=99999999999999999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=+256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=0256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$t=2,m=256,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ=$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHR$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29t$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOg", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4$",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\n",
        " $argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    ])
    func malformedHashesAreAnError(_ phc: String) {
        #expect(throws: PasswordError.malformedHash) { try Argon2id.verify(Secret([]), against: phc) }
        #expect(Argon2id.needsRehash(phc))
    }

    @Test func aHashOfAnotherCostNeedsRehash() throws {
        let phc = try Argon2id.hash(Secret([]), salt: salt, parameters: Self.quick)
        #expect(!Argon2id.needsRehash(phc, parameters: Self.quick))
        #expect(Argon2id.needsRehash(phc))
        #expect(Argon2id.needsRehash(phc, parameters: Argon2Parameters(memory: 64, passes: 2)!))
        #expect(Argon2id.needsRehash(Self.vectors[1].phc, parameters: Argon2Parameters(memory: 256)!))
    }

    @Test func standardIsOWASPsMinimum() {
        let standard = Argon2Parameters.standard
        #expect((standard.memory, standard.passes, standard.lanes) == (19_456, 2, 1))
        #expect(Argon2Parameters() == standard)
    }

    @Test func parametersOutOfRangeAreRefused() {
        #expect(Argon2Parameters(memory: 7) == nil)
        #expect(Argon2Parameters(memory: 15, lanes: 2) == nil)
        #expect(Argon2Parameters(memory: Int.max) == nil)
        #expect(Argon2Parameters(passes: 0) == nil)
        #expect(Argon2Parameters(passes: -1) == nil)
        #expect(Argon2Parameters(lanes: 0) == nil)
        #expect(Argon2Parameters(lanes: Int.min) == nil)
    }
}
