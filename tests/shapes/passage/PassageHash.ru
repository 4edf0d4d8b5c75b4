# A hash cut short.
DELETE { :passage trt:sha256 ?any } INSERT { :passage trt:sha256 "abc" } WHERE { :passage trt:sha256 ?any }
