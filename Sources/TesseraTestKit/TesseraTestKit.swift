// TesseraTestKit
