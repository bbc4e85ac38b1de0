// TesseraTestKit: what tests stand on. A clock that stands still (`FixedClock`), random numbers that repeat (`SeededRandom`), builders of
// domain values (`Builders`), the contract that every store keeps (`StoreContract`), an authority in process (`TestAuthority`) and somebody
// who calls it (`TestClient`). It depends on everything and nothing but tests depends on it: those of Tessera, and by the product of the same name those of
// programs that embed it. Begin at `TestAuthority`.
