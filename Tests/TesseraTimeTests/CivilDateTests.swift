import TesseraTime
import Testing

@Suite struct CivilDateTests {
    @Test(arguments: ["0000-01-01", "1970-01-01", "2028-02-29", "9999-12-31"])
    func dayIsWrittenAsItWasRead(text: String) {
        #expect(CivilDate(text)?.text == text)
    }

    @Test(arguments: ["", "2026-02-29", "2026-2-1", "2026-02-01T00:00:00Z", "0000-00-01", " 2026-02-01"])
    func anythingElseIsNoDay(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test func daysComeOneAfterTheOther() throws {
        let first = try #require(CivilDate("2028-03-01"))
        #expect(first.previous.text == "2028-02-29")
        #expect(first.previous < first)
    }
}
