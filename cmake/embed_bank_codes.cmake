# Run as a script: writes the list of bank codes into a C++ source.
#   cmake -DINPUT=parsers/bank-codes.csv -DOUTPUT=bank_codes_text.cpp -P embed_bank_codes.cmake
file(READ ${INPUT} text)
file(WRITE ${OUTPUT} "#include \"model/bank_codes.hpp\"\n\nnamespace paymentctl {\n\n"
     "std::string_view bank_codes_text() {\n  return R\"CODES(${text})CODES\";\n}\n\n"
     "}  // namespace paymentctl\n")
