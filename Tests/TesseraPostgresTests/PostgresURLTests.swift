import TesseraDatabase
import TesseraPostgres
import TesseraStores
import Testing

@Suite struct PostgresURLTests {
    @Test func descriptionOmitsThePassword() throws {
        let url = try PostgresURL("postgres://ember:hoard@db.example.com:5433/tessera?sslmode=require")
        #expect(url.description == "postgres://db.example.com:5433/tessera")
        for text in ["\(url)", String(reflecting: url)] { #expect(!text.contains("hoard")) }
        var dumped = ""
        dump(url, to: &dumped)
        #expect(!dumped.contains("hoard"))
    }

    /// Each of these would put a part of the password into a part of the URL that messages repeat.
    @Test(arguments: [
        "postgres://ember:ho@rd@db/tessera", "postgres://ember:ho/rd@db/tessera",
        "postgres://ember:12/rd@db/tessera",
        "postgres://ember:ho%zz@db/tessera", "postgres://ember:hoard@db/tessera?no=such",
        "postgres://ember:hoard@db:port/tessera",
    ])
    func malformedURLIsNotRepeatedInTheError(_ text: String) {
        let error = #expect(throws: DatabaseURL.Invalid.self) { try PostgresURL(text) }
        #expect(error?.sentence.contains("rd@") == false)
        #expect(error?.sentence.contains("hoard") == false)
    }
}
