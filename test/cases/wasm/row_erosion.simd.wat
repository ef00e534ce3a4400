(module
  (type $t0 (func (param i32 i32 i32 i32 i32) (result i32)))
  (func $run (type $t0) (param $p0 i32) (param $p1 i32) (param $p2 i32) (param $p3 i32) (param $p4 i32) (result i32)
    (local $l5 i32) (local $l6 i32) (local $l7 i32) (local $l8 i32) (local $l9 i32) (local $l10 i32) (local $l11 i32) (local $l12 i32) (local $l13 i32) (local $l14 i32) (local $l15 v128)
    (if $I0
      (i32.gt_u
        (i32.sub
          (local.get $p3)
          (i32.const 1))
        (i32.const 65534))
      (then
        (return
          (i32.const 1))))
    (if $I1
      (i32.gt_u
        (i32.sub
          (local.get $p4)
          (i32.const 1))
        (i32.const 65534))
      (then
        (return
          (i32.const 1))))
    (if $I2
      (local.tee $l7
        (i32.sub
          (i32.shl
            (local.tee $l10
              (i32.add
                (local.tee $l6
                  (i32.shr_u
                    (i32.add
                      (local.get $p4)
                      (i32.const 31))
                    (i32.const 5)))
                (i32.const 6)))
            (i32.const 2))
          (i32.shl
            (i32.and
              (local.get $l10)
              (i32.const 3))
            (i32.const 2))))
      (then
        (loop $L3
          (i32.store
            (local.tee $l5
              (i32.add
                (local.get $p2)
                (local.get $l8)))
            (i32.const 0))
          (i32.store offset=4
            (local.get $l5)
            (i32.const 0))
          (i32.store offset=8
            (local.get $l5)
            (i32.const 0))
          (i32.store offset=12
            (local.get $l5)
            (i32.const 0))
          (br_if $L3
            (i32.gt_u
              (local.get $l7)
              (local.tee $l8
                (i32.add
                  (local.get $l8)
                  (i32.const 16))))))))
    (if $I4
      (i32.lt_u
        (local.tee $l8
          (i32.sub
            (i32.shl
              (local.get $l10)
              (i32.const 2))
            (i32.shl
              (i32.and
                (local.get $l10)
                (i32.const 3))
              (i32.const 2))))
        (local.tee $l5
          (i32.shl
            (local.get $l10)
            (i32.const 2))))
      (then
        (loop $L5
          (i32.store
            (i32.add
              (local.get $p2)
              (local.get $l8))
            (i32.const 0))
          (br_if $L5
            (i32.gt_u
              (local.get $l5)
              (local.tee $l8
                (i32.add
                  (local.get $l8)
                  (i32.const 4))))))))
    (if $I6
      (i32.gt_u
        (local.get $p3)
        (local.tee $l8
          (i32.const 0)))
      (then
        (local.set $l14
          (i32.shl
            (i32.shl
              (i32.const -1)
              (i32.add
                (local.get $p4)
                (i32.const 31)))
            (i32.const 1)))
        (local.set $l13
          (i32.add
            (local.get $p2)
            (i32.shl
              (local.get $l6)
              (i32.const 2))))
        (loop $L7
          (if $I8
            (i32.lt_u
              (local.tee $p4
                (i32.const 0))
              (local.tee $l9
                (i32.sub
                  (i32.shl
                    (local.get $l6)
                    (i32.const 2))
                  (i32.shl
                    (i32.and
                      (local.get $l6)
                      (i32.const 3))
                    (i32.const 2)))))
            (then
              (local.set $l11
                (i32.add
                  (local.get $p2)
                  (i32.const 4)))
              (local.set $l12
                (i32.add
                  (local.get $p0)
                  (i32.shl
                    (i32.mul
                      (local.get $l6)
                      (local.get $l8))
                    (i32.const 2))))
              (loop $L9
                (i32.store
                  (local.tee $l5
                    (i32.add
                      (local.get $p4)
                      (local.get $l11)))
                  (i32.load
                    (local.tee $l7
                      (i32.add
                        (local.get $p4)
                        (local.get $l12)))))
                (i32.store offset=4
                  (local.get $l5)
                  (i32.load offset=4
                    (local.get $l7)))
                (i32.store offset=8
                  (local.get $l5)
                  (i32.load offset=8
                    (local.get $l7)))
                (i32.store offset=12
                  (local.get $l5)
                  (i32.load offset=12
                    (local.get $l7)))
                (br_if $L9
                  (i32.gt_u
                    (local.get $l9)
                    (local.tee $p4
                      (i32.add
                        (local.get $p4)
                        (i32.const 16))))))))
          (if $I10
            (i32.lt_u
              (local.tee $p4
                (i32.sub
                  (i32.shl
                    (local.get $l6)
                    (i32.const 2))
                  (i32.shl
                    (i32.and
                      (local.get $l6)
                      (i32.const 3))
                    (i32.const 2))))
              (local.tee $l5
                (i32.shl
                  (local.get $l6)
                  (i32.const 2))))
            (then
              (local.set $l7
                (i32.add
                  (local.get $p2)
                  (i32.const 4)))
              (local.set $l9
                (i32.add
                  (local.get $p0)
                  (i32.shl
                    (i32.mul
                      (local.get $l6)
                      (local.get $l8))
                    (i32.const 2))))
              (loop $L11
                (i32.store
                  (i32.add
                    (local.get $p4)
                    (local.get $l7))
                  (i32.load
                    (i32.add
                      (local.get $p4)
                      (local.get $l9))))
                (br_if $L11
                  (i32.gt_u
                    (local.get $l5)
                    (local.tee $p4
                      (i32.add
                        (local.get $p4)
                        (i32.const 4))))))))
          (i32.store
            (local.get $l13)
            (i32.and
              (i32.load
                (local.get $l13))
              (i32.xor
                (local.get $l14)
                (i32.const -1))))
          (local.set $l5
            (i32.const 0))
          (if $I12
            (local.tee $l7
              (i32.shl
                (local.get $l6)
                (i32.const 2)))
            (then
              (local.set $l9
                (i32.add
                  (local.get $p2)
                  (i32.shl
                    (local.get $l10)
                    (i32.const 2))))
              (loop $L13
                (v128.store align=4
                  (i32.add
                    (local.get $l5)
                    (local.get $l9))
                  (v128.and
                    (v128.and
                      (local.tee $l15
                        (v128.load offset=4 align=4
                          (local.tee $p4
                            (i32.add
                              (local.get $p2)
                              (local.get $l5)))))
                      (v128.or
                        (i32x4.shr_u
                          (local.get $l15)
                          (i32.const 1))
                        (i32x4.shl
                          (v128.load offset=8 align=4
                            (local.get $p4))
                          (i32.const 31))))
                    (v128.or
                      (i32x4.shl
                        (local.get $l15)
                        (i32.const 1))
                      (i32x4.shr_u
                        (v128.load align=4
                          (local.get $p4))
                        (i32.const 31)))))
                (br_if $L13
                  (i32.gt_u
                    (local.get $l7)
                    (local.tee $l5
                      (i32.add
                        (local.get $l5)
                        (i32.const 16))))))))
          (if $I14
            (i32.lt_u
              (local.tee $p4
                (i32.const 0))
              (local.tee $l9
                (i32.sub
                  (i32.shl
                    (local.get $l6)
                    (i32.const 2))
                  (i32.shl
                    (i32.and
                      (local.get $l6)
                      (i32.const 3))
                    (i32.const 2)))))
            (then
              (local.set $l11
                (i32.add
                  (local.get $p1)
                  (i32.shl
                    (i32.mul
                      (local.get $l6)
                      (local.get $l8))
                    (i32.const 2))))
              (local.set $l12
                (i32.add
                  (local.get $p2)
                  (i32.shl
                    (local.get $l10)
                    (i32.const 2))))
              (loop $L15
                (i32.store
                  (local.tee $l5
                    (i32.add
                      (local.get $p4)
                      (local.get $l11)))
                  (i32.load
                    (local.tee $l7
                      (i32.add
                        (local.get $p4)
                        (local.get $l12)))))
                (i32.store offset=4
                  (local.get $l5)
                  (i32.load offset=4
                    (local.get $l7)))
                (i32.store offset=8
                  (local.get $l5)
                  (i32.load offset=8
                    (local.get $l7)))
                (i32.store offset=12
                  (local.get $l5)
                  (i32.load offset=12
                    (local.get $l7)))
                (br_if $L15
                  (i32.gt_u
                    (local.get $l9)
                    (local.tee $p4
                      (i32.add
                        (local.get $p4)
                        (i32.const 16))))))))
          (if $I16
            (i32.lt_u
              (local.tee $p4
                (i32.sub
                  (i32.shl
                    (local.get $l6)
                    (i32.const 2))
                  (i32.shl
                    (i32.and
                      (local.get $l6)
                      (i32.const 3))
                    (i32.const 2))))
              (local.tee $l5
                (i32.shl
                  (local.get $l6)
                  (i32.const 2))))
            (then
              (local.set $l7
                (i32.add
                  (local.get $p1)
                  (i32.shl
                    (i32.mul
                      (local.get $l6)
                      (local.get $l8))
                    (i32.const 2))))
              (local.set $l9
                (i32.add
                  (local.get $p2)
                  (i32.shl
                    (local.get $l10)
                    (i32.const 2))))
              (loop $L17
                (i32.store
                  (i32.add
                    (local.get $p4)
                    (local.get $l7))
                  (i32.load
                    (i32.add
                      (local.get $p4)
                      (local.get $l9))))
                (br_if $L17
                  (i32.gt_u
                    (local.get $l5)
                    (local.tee $p4
                      (i32.add
                        (local.get $p4)
                        (i32.const 4))))))))
          (br_if $L7
            (i32.gt_u
              (local.get $p3)
              (local.tee $l8
                (i32.add
                  (local.get $l8)
                  (i32.const 1))))))))
    (i32.const 0))
  (memory $memory 1 65536)
  (export "memory" (memory $memory))
  (export "run" (func $run)))
