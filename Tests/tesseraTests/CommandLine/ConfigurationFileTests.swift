import Testing

@testable import tessera

@Suite struct ConfigurationFileTests {
    @Test func namesAndValuesAreRead() throws {
        let text =
            "# settings\n\nTESSERA_A=1\n  TESSERA_B = two words \r\nTESSERA_C=\"a = # 'b'\"\nTESSERA_D=''\nTESSERA_E="
        #expect(
            try ConfigurationFile.parse(text) == [
                "TESSERA_A": "1", "TESSERA_B": "two words", "TESSERA_C": "a = # 'b'", "TESSERA_D": "",
                "TESSERA_E": "",
            ])
    }

    @Test(arguments: [
        ("A", 1), ("\n\n=1", 3), ("a=1", 1), ("A=\"1", 1), ("A='1\"", 1), ("A=\"", 1), ("A=1\nA=2", 2),
        ("A B=1", 1),
    ])
    func nearMissesNameTheirLine(text: String, line: Int) {
        let error = #expect(throws: ConfigurationFile.Malformed.self) { try ConfigurationFile.parse(text) }
        #expect(error?.line == line)
    }

    @Test func emptyFileIsNoSettings() throws {
        #expect(try ConfigurationFile.parse("").isEmpty)
    }
}
