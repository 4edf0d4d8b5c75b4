# A work in a series that is none.
DELETE { :work trt:partOfSeries ?any } INSERT { :work trt:partOfSeries :one } WHERE { :work trt:partOfSeries ?any }
