import Testing

@testable import TesseraHTTP

@Suite struct ConnectionFramingTests {
    @Test(arguments: FramingCase.headers + FramingCase.bodies)
    func badFramingIsRefusedAndNothingBehindIsServed(_ example: FramingCase) {
        var driver = ConnectionDriver()
        driver.feed(example.bytes + FramingCase.smuggled)
        #expect(driver.refused == [example.status])
        #expect(driver.served == [])
        #expect(driver.statuses == [example.status])
        #expect(driver.sentText.contains("Connection: close\r\n"))
        #expect(driver.connection.phase == .lingering)
    }

    @Test(arguments: FramingCase.headers + FramingCase.bodies)
    func badFramingIsRefusedAtEverySplit(_ example: FramingCase) {
        let all = example.bytes + FramingCase.smuggled
        for split in Self.splits(all.count) {
            var driver = ConnectionDriver()
            driver.feed(all[..<split])
            driver.feed(all[split...])
            #expect(driver.refused == [example.status], "split at \(split)")
            #expect(driver.served == [], "split at \(split)")
        }
        var driver = ConnectionDriver()
        for byte in all.prefix(12_000) { driver.feed([byte]) }
        if all.count <= 12_000 {
            #expect(driver.refused == [example.status])
            #expect(driver.served == [])
        }
    }

    @Test(arguments: ValidCase.all)
    func validFramingIsServedAtEverySplit(_ example: ValidCase) {
        let all = Array(example.text.utf8)
        var whole = ConnectionDriver()
        whole.feed(all)
        #expect(whole.served == example.served)
        #expect(whole.refused == [])
        for split in Self.splits(all.count) {
            var driver = ConnectionDriver()
            driver.feed(all[..<split])
            driver.feed(all[split...])
            #expect(driver.served == example.served, "split at \(split)")
            #expect(driver.sent == whole.sent, "split at \(split)")
        }
        var single = ConnectionDriver()
        for byte in all { single.feed([byte]) }
        #expect(single.served == example.served)
    }

    @Test(arguments: ValidCase.all)
    func aMessageWithoutItsLastByteIsNotServed(_ example: ValidCase) {
        guard example.served.count == 1 else { return }
        var driver = ConnectionDriver()
        let bytes = Array(example.text.utf8)
        for byte in bytes.dropLast() { driver.feed([byte]) }
        #expect(
            driver.served == [] || example.name.contains("closes") || example.name.contains("close asked"))
    }

    /// Every position at which to split a message; a few hundred for a very long message.
    private static func splits(_ count: Int) -> [Int] {
        count <= 700
            ? Array(0...count) : Array(0...200) + Array(stride(from: 201, through: count, by: count / 100))
    }
}
