kubectl create deployment order -n shop --image=cnalab/fixtures:1 -- /fixtures order
