import Testing

@testable import TesseraHTTP

@Suite struct TrustedProxiesTests {
    @Test(
        "A block holds its addresses and no others",
        arguments: [
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("127.0.0.1/32", "127.0.0.1", "127.0.0.0"),
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
            ("10.0.0.5/8", "10.9.9.9", "9.255.255.255"),
            ("192.0.2.128/25", "192.0.2.129", "192.0.2.127"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("2001:db8::1", "2001:db8::1", "2001:db8::2"),
            ("fd00::/8", "fdff::1", "fc00::1"),
            ("::/0", "203.0.113.9", "local"),
            ("::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.0"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.0.0.0"),
            ("unix", "local", "127.0.0.1"),
        ])
    func blockHoldsItsAddresses(text: String, member: String, stranger: String) throws {
        let block = try #require(ProxyBlock(parsing: text))
        let proxies = try #require(TrustedProxies([block]))
        let (member, stranger) = (try address(member), try address(stranger))
        #expect(proxies.contains(member))
        #expect(!proxies.contains(stranger))
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0.0/8 ", " 10.0.0.0/8", "10.0.0/8", "010.0.0.0/8", "::/129", "[::1]", "[::1]/128", "localhost",
        "UNIX",
        "unix:", "unix:/run/a.sock", "fe80::1%eth0", "*", "10.0.0.0/255.0.0.0", "10.0.0.1\0", "10.0.0.1:80",
    ])
    func anythingElseIsNoBlock(text: String) {
        #expect(ProxyBlock(parsing: text) == nil)
    }

    @Test func noBlocksTrustNothing() {
        #expect(TrustedProxies([]) == nil)
    }

    // MARK: The client

    private static let proxy = "127.0.0.1"

    @Test(
        "X-Forwarded-For is read from the right, as far as the proxies are trusted",
        arguments: [
            ([], proxy),
            ([""], proxy),
            ([" , ,\t"], proxy),
            (["203.0.113.7"], "203.0.113.7"),
            (["203.0.113.7:4711"], "203.0.113.7"),
            (["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            (["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
            (["203.0.113.7, 10.0.0.1"], "203.0.113.7"),
            (["203.0.113.7", "10.0.0.1", "10.0.0.2"], "203.0.113.7"),
            (["203.0.113.7,,10.0.0.1,"], "203.0.113.7"),
            (["10.0.0.1, 203.0.113.7"], "203.0.113.7"),
            (["10.0.0.1"], "10.0.0.1"),
            (["garbage, 10.0.0.1"], "10.0.0.1"),
            (["unknown, 10.0.0.1"], "10.0.0.1"),
            (["203.0.113.7, garbage"], proxy),
            (["203.0.113.7, unknown"], proxy),
            (["unix:"], proxy),
            (["127.0.0.2"], "127.0.0.2"),
            (["2001:db8::7"], "2001:db8::7"),
            (["[2001:db8::7]"], "2001:db8::7"),
            (["[2001:db8::7]:80"], "2001:db8::7"),
            (["[2001:db8::7]:"], proxy),
            (["[2001:db8::7"], proxy),
            (["[203.0.113.7]"], proxy),
            (["fe80::1%eth0"], proxy),
            (["::ffff:203.0.113.7"], "203.0.113.7"),
            (["203.0.113.7, ::ffff:10.0.0.1"], "203.0.113.7"),
            (["203.0.113.007"], proxy), (["203.0.113"], proxy), (["203.0.113.7.1"], proxy),
            (["3405803783"], proxy), (["0xCB007107"], proxy), (["203.0.113.7:"], proxy),
            (["203.0.113.7:65536"], proxy), (["203.0.113.7:80:80"], proxy),
            (["203.0.113.7 198.51.100.1"], proxy), (["203.0.113.7;198.51.100.1"], proxy),
            (["\"203.0.113.7\""], proxy),
            // An open quote of the client does not swallow what the proxy adds.
            (["\", 203.0.113.7"], "203.0.113.7"), (["\"\\\", 203.0.113.7"], "203.0.113.7"),
        ])
    func forwardedForIsReadFromTheRight(values: [String], client: String) throws {
        var fields = Fields()
        for value in values { fields.append("X-Forwarded-For", value) }
        #expect(try self.client(of: fields) == client)
    }

    @Test(
        "RFC 7239 §4–6",
        arguments: [
            ("for=203.0.113.7", "203.0.113.7"),
            ("For=\"203.0.113.7:4711\"", "203.0.113.7"),
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
            ("for=192.0.2.60; proto=http; by=203.0.113.43", "192.0.2.60"),
            ("proto=http;for=192.0.2.60", "192.0.2.60"),
            ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"),
            ("for=192.0.2.43, for=10.0.0.1", "192.0.2.43"),
            ("for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=\"[2001:db8:cafe::17]\"", "2001:db8:cafe::17"),
            ("for=\"[::ffff:203.0.113.7]\"", "203.0.113.7"),
            ("for=\"203.0.113.7:_secret\"", "203.0.113.7"),
            ("for=\"203\\.0.113.7\"", "203.0.113.7"),
            ("for=203.0.113.7;;proto=https;", "203.0.113.7"),
            ("host=\"a,b\";for=203.0.113.7", "203.0.113.7"),
            ("for=unknown", proxy), ("for=_hidden", proxy), ("for=\"_SEVKISEK\"", proxy),
            ("for=198.51.100.1, for=unknown", proxy), ("for=198.51.100.1, for=_hidden", proxy),
            ("for=198.51.100.1, proto=https", proxy),
            ("for=unknown, for=10.0.0.1", "10.0.0.1"),
            ("for=\"2001:db8::1\"", proxy), ("for=[2001:db8::1]", proxy), ("for=203.0.113.7:80", proxy),
            ("for=203.0.113.7;for=198.51.100.1", proxy), ("for", proxy), ("for=", proxy), ("for=\"", proxy),
            ("for =203.0.113.7", proxy), ("for= 203.0.113.7", proxy), ("203.0.113.7", proxy),
            ("for=203.0.113.7 for=198.51.100.1", proxy), ("for=\"203.0.113.7:\"", proxy),
            ("for=\"203.0.113.7:_\"", proxy), ("for=\"\"", proxy),
            ("for=\", for=203.0.113.7", "203.0.113.7"), ("for=\"a\\\", for=203.0.113.7", "203.0.113.7"),
        ])
    func forwardedIsReadFromTheRight(value: String, client: String) throws {
        #expect(try self.client(of: ["Forwarded": value]) == client)
    }

    @Test func contradictoryFieldsAreIgnored() throws {
        let forged: Fields = ["Forwarded": "for=198.51.100.1", "X-Forwarded-For": "203.0.113.7"]
        #expect(try client(of: forged) == Self.proxy)
        let unreadable: Fields = ["Forwarded": "for=unknown", "X-Forwarded-For": "203.0.113.7"]
        #expect(try client(of: unreadable) == Self.proxy)
        let alike: Fields = ["Forwarded": "for=\"203.0.113.7:1\"", "X-Forwarded-For": "203.0.113.7:2"]
        #expect(try client(of: alike) == "203.0.113.7")
        // A field without an element says nothing.
        let empty: Fields = ["Forwarded": "", "X-Forwarded-For": "203.0.113.7"]
        #expect(try client(of: empty) == "203.0.113.7")
    }

    @Test func aChainWithoutEndIsNotFollowed() throws {
        let long = Array(repeating: "10.0.0.1", count: 4_000)
        #expect(
            try client(of: ["X-Forwarded-For": (["203.0.113.7"] + long).joined(separator: ",")]) == "10.0.0.1"
        )
        #expect(try client(of: ["X-Forwarded-For": String(repeating: ",", count: 15_000)]) == Self.proxy)
        // The element that the proxy appends counts, regardless of the length of the client's field.
        let noise = String(repeating: "\\\"", count: 7_000)
        #expect(try client(of: ["Forwarded": noise + ", for=203.0.113.7"]) == "203.0.113.7")
        #expect(try client(of: ["X-Forwarded-For": "203.0.113.7," + noise]) == Self.proxy)
    }

    @Test func aClientOnThisMachineHasANetworkOnlyBehindATrustedProxy() {
        var request = Request(.get, "/", peer: .ipv4(0x7F00_0002, port: 1))
        #expect(request.countedNetwork == nil)
        request.isForwarded = true
        #expect(request.countedNetwork == "127.0.0.2")
        request.peer = .local
        #expect(request.countedNetwork == "local")
        #expect(Request(.get, "/", peer: .ipv4(0xCB00_7107, port: 1)).countedNetwork == "203.0.113.7")
    }

    /// The client of a request from a proxy at 127.0.0.1, where 10.0.0.0/8 is also trusted.
    private func client(of fields: Fields) throws -> String {
        let proxies = try #require(
            TrustedProxies(["127.0.0.1/32", "10.0.0.0/8"].compactMap(ProxyBlock.init(parsing:))))
        return proxies.client(of: fields, behind: try address(Self.proxy)).host
    }

    /// The address as a socket reports it: IPv4 in the form of IPv6 keeps that form.
    private func address(_ text: String) throws -> PeerAddress {
        text == "local" ? .local : try #require(SocketAddress.parse(text, port: 1))
    }
}
