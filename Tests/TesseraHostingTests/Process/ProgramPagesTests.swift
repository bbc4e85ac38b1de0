import Testing

@testable import TesseraHosting

@Suite struct ProgramPagesTests {
    @Test(arguments: [
        (
            "55d0a000-55d0c000 r-xp 00001000 fe:00 4711       /usr/bin/tessera\n",
            0x55D0_A000..<0x55D0_C000 as Range<UInt>?
        ),
        ("55d0a000-55d0c000 rwxp 00000000 fe:00 4711 /usr/bin/tessera\n", nil),
        ("55d0a000-55d0c000 r--p 00000000 fe:00 4711 /usr/bin/tessera\n", nil),
        ("7ffd1000-7ffd3000 r-xp 00000000 00:00 0                  [vdso]\n", nil),
        ("7ffd1000-7ffd3000 r-xp 00000000 00:00 0 \n", nil), ("x-y r-xp 00000000 fe:00 1 /a\n", nil),
        ("7ffd3000-7ffd1000 r-xp 00000000 fe:00 1 /a\n", nil), ("", nil),
    ])
    func codeOfAFileIsFound(_ line: String, _ range: Range<UInt>?) {
        #expect(ProgramPages.codeRange(line) == range)
    }

    @Test func theProgramGoesOn() {
        ProgramPages.release()
        #expect(ProcessMetrics.residentBytes != nil)
    }
}
