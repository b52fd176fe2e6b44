kubectl create deployment order -n shop --image=cnalab/fixtures:1 -- /run order
