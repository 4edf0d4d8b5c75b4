# A citation of something that is no work.
DELETE { :citation trt:cites ?any } INSERT { :citation trt:cites :one } WHERE { :citation trt:cites ?any }
