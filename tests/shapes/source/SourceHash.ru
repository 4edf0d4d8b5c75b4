# A source without a hash.
DELETE { :source trt:sha256 ?any } WHERE { :source trt:sha256 ?any }
