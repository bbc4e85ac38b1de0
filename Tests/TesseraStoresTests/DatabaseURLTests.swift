import TesseraDatabase
import TesseraPostgres
import TesseraStores
import Testing

@Suite struct DatabaseURLTests {
    @Test func sqliteNamesAFileOrTheMemory() throws {
        #expect(try DatabaseURL("sqlite:tessera.db") == .sqlite(path: "tessera.db"))
        #expect(try DatabaseURL("sqlite:/var/lib/tessera.db") == .sqlite(path: "/var/lib/tessera.db"))
        #expect(try DatabaseURL("sqlite::memory:") == .sqliteInMemory)
    }

    @Test(arguments: ["postgres://user:hunter2@host/db", "postgresql://user:hunter2@host/db"])
    func postgresNamesAServerAndHidesThePassword(_ text: String) throws {
        let url = try DatabaseURL(text)
        #expect(url == .postgres(try PostgresURL(text)))
        #expect(url.description == "postgres://host/db")
        #expect(!String(reflecting: url).contains("hunter2"))
    }

    @Test(arguments: [
        "", "tessera.db", "sqlite:", "sqlite", "SQLITE:x", "mysql://user:hunter2@host", "sqlite:a\0b",
    ])
    func anythingElseIsRefusedWithoutBeingRepeated(_ text: String) {
        let error = #expect(throws: DatabaseURL.Invalid.self) { try DatabaseURL(text) }
        #expect(error?.sentence.contains("hunter2") == false)
    }
}
